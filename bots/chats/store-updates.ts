import type { Sealing } from '../../src/business/sealing.js'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import type { Signals } from '../../src/queue/signals.js'
import type { ChatStore } from './chat-store.js'
import { sealedBody } from './sealed-updates.js'

/** One update as a messenger delivered it. */
export interface ReceivedUpdate {
  /** The messenger's own id: the same one twice is one update. */
  readonly updateId: string
  readonly address: string
  readonly body: unknown
}

export type StoreUpdates = (laneId: string, updates: readonly ReceivedUpdate[]) => Promise<void>

/** Updates of one batch keep their order; `seq` has room for this many of one millisecond. */
const SEQ_PER_MS = 1000

export interface UpdateStoreNeeds {
  readonly db: Database
  readonly chats: ChatStore
  readonly signals: Signals
  readonly sealing: Sealing
  readonly clock: Clock
}

/** Stores updates durably, each once, and then wakes the lane's owner. Only after this may a messenger be told "got it". */
export const createUpdateStore =
  ({ db, chats, signals, sealing, clock }: UpdateStoreNeeds): StoreUpdates =>
  async (laneId, updates) => {
    if (updates.length === 0) return
    const receivedAt = clock()
    await db.write(
      ...updates.map((update, index) =>
        chats.addUpdate({
          ...update,
          lane: laneId,
          body: sealedBody(sealing, { ...update, lane: laneId }),
          seq: receivedAt * SEQ_PER_MS + Math.min(index, SEQ_PER_MS - 1),
          state: 'pending',
          attempts: 0,
          dueAt: receivedAt,
          receivedAt,
        }),
      ),
    )
    signals.publish('lane', laneId)
  }
