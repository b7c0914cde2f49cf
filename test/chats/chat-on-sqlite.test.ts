import { chatContract } from '../contracts/chat.js'
import { openTestBot } from '../support/test-bot.js'

chatContract('SQLite', () => openTestBot())
