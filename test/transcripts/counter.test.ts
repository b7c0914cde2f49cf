import { describe } from 'vitest'
import { testTranscripts } from './compared.js'
import { COUNTER } from './counter.js'

describe('counter', () => testTranscripts(COUNTER))
