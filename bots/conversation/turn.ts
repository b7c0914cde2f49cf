import type { Facts } from './facts.js'
import type { State } from './state.js'
import type { Vocabulary } from './vocabulary.js'

/** All that a topic may look at. */
export interface Turn {
  readonly state: State
  readonly facts: Facts
  /** Unix ms */
  readonly now: number
  readonly vocabulary: Vocabulary
}
