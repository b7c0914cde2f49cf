import { dispatcherContract } from '../contracts/dispatcher.js'
import { openTestSqlite } from '../support/sqlite.js'

dispatcherContract('SQLite', () => openTestSqlite())
