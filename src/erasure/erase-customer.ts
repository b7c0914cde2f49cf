import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import type { Erasure } from './erasure.js'

export interface EraseNeeds {
  readonly db: Database
  readonly erasure: Erasure
  readonly clock: Clock
  /** Goes on with what was too much for one batch. */
  wake(customerId: string): void
}

/** Erases a person because somebody of the business asked for it: the tombstone is committed when this resolves. */
export const createEraseCustomer =
  ({ db, erasure, clock, wake }: EraseNeeds) =>
  async (customerId: string): Promise<void> => {
    const chats = await erasure.chatsOf(customerId)
    await db.atomically(erasure.reads(customerId, chats, clock()), (found, now) => ({
      writes: erasure.erase(customerId, chats, found, now),
      result: undefined,
    }))
    wake(customerId)
  }
