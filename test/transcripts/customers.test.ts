import { describe } from 'vitest'
import { testTranscripts } from './compared.js'
import { CUSTOMERS } from './customers.js'

describe('customers', () => testTranscripts(CUSTOMERS))
