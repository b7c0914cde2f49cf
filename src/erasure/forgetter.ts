import type { Bound } from '../db/database.js'

/** A chat that was a customer's when they were erased. */
export interface ChatPlace {
  readonly id: string
  readonly lane: string
  readonly messenger: string
  readonly address: string
}

/** Whose traces are to go. */
export interface Person {
  readonly customerId: string
  readonly chats: readonly ChatPlace[]
  /** Unix ms: when they were erased. */
  readonly erasedAt: number
}

/**
 * What one capability does to forget a person. Nobody reaches into its tables: it names the rows that still say something,
 * and writes them away. `main` collects all of them.
 */
export interface Forgetter<Row = unknown> {
  /** Unique among all forgetters. */
  readonly name: string
  /** Rows that still say something of the person, at most `limit`. */
  traces(person: Person, limit: number): Bound<readonly Row[]>
  /** Pure: the writes that forget these rows. A row that must wait is left out, and found again later. */
  forget(traces: readonly Row[], now: number): readonly Bound<unknown>[]
}
