import { describe } from 'vitest'
import { testTranscripts } from './compared.js'
import { TEAM } from './team.js'

describe('team', () => testTranscripts(TEAM))
