import { chatContract } from '../contracts/chat.js'
import { counterContract } from '../contracts/counter.js'
import { openTestBot } from '../support/test-bot.js'

chatContract('SQLite', () => openTestBot())
counterContract('SQLite', () => openTestBot())
