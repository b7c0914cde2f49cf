import type { Bound, Found, Reads } from '../../src/db/database.js'
import type { ChatPlace } from '../../src/erasure/forgetter.js'

/** Forgets a customer who asks for it in a chat. `main` gives the erasure's. */
export interface Eraser {
  /** The customer's chats on all messengers, read before the batch. */
  chatsOf(customerId: string): Promise<readonly ChatPlace[]>
  reads(customerId: string, chats: readonly ChatPlace[], now: number): Reads
  /** Pure: the writes that erase, for the batch that answers. */
  erase(customerId: string, chats: readonly ChatPlace[], found: Found<Reads>, now: number): readonly Bound<unknown>[]
  /** Goes on with what was too much for one batch. Never throws, never waits. */
  wake(customerId: string): void
}
