import { describe } from 'vitest'
import { createLog } from '../../src/log.js'
import { createInProcessSignals } from '../../src/queue/in-process-signals.js'
import { signalsContract } from '../contracts/signals.js'

describe('in-process signals', () => {
  signalsContract(async () => createInProcessSignals({ log: createLog('silent') }))
})
