import { describe } from 'vitest'
import { CHOICES } from './choices.js'
import { testTranscripts } from './compared.js'

describe('choices', () => testTranscripts(CHOICES))
