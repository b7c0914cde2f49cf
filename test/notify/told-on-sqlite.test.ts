import { alertsContract } from '../contracts/alerts.js'
import { hearingContract } from '../contracts/hearing.js'
import { visitMessagesContract } from '../contracts/visit-messages.js'
import { openTestSqlite } from '../support/sqlite.js'

visitMessagesContract('SQLite', async (clock) => openTestSqlite(clock))

hearingContract('SQLite', async (clock) => openTestSqlite(clock))

alertsContract('SQLite', async (clock) => openTestSqlite(clock))
