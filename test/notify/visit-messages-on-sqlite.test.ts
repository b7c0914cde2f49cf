import { visitMessagesContract } from '../contracts/visit-messages.js'
import { openTestSqlite } from '../support/sqlite.js'

visitMessagesContract('SQLite', async (clock) => openTestSqlite(clock))
