import type { Bound } from '../db/database.js'
import type { Person } from './forgetter.js'

/**
 * What one capability holds on a person, for the export that they may ask for: the other side of its `Forgetter`. `main`
 * collects all of them.
 */
export interface Holding {
  /** Unique among all holdings: what the export calls them. */
  readonly name: string
  /** Whole rows, in their order. */
  rowsOf(person: Pick<Person, 'customerId' | 'chats'>): Bound<readonly object[]>
  /** A row as the person can read it, where it is kept otherwise. */
  opened?(row: object): object
}
