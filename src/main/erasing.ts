import type { ChatStore } from '../../bots/chats/chat-store.js'
import { createAddressForgetter, createChatForgetters } from '../../bots/chats/forget.js'
import { createChatHoldings } from '../../bots/chats/holdings.js'
import { createWebHolding } from '../../bots/web/holdings.js'
import { createWebCopies, createWebForgetter } from '../../bots/web/web-forget.js'
import { createAnswerForgetter } from '../api/answer-store.js'
import type { Sealing } from '../business/sealing.js'
import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { createAnswerAwaiter, createContentForgetter } from '../deliveries/forget.js'
import { createDeliveryHolding } from '../deliveries/holdings.js'
import { createEraseCustomer } from '../erasure/erase-customer.js'
import { createErasure } from '../erasure/erasure.js'
import { createErasureJob } from '../erasure/erasure-job.js'
import { createErasureStore } from '../erasure/erasure-store.js'
import { createExportPerson } from '../erasure/export-person.js'
import { createEventForgetter } from '../events/forget.js'
import { createEventHolding } from '../events/holdings.js'
import type { Log } from '../log.js'
import { createAdoptedForgetter, createAdoptedHolding } from '../loyalty/adopt/forget.js'
import { createLoyaltyForgetters } from '../loyalty/forget.js'
import { createLoyaltyHoldings } from '../loyalty/holdings.js'
import type { LoyaltyStore } from '../loyalty/loyalty-store.js'
import { createTombstones } from '../loyalty/tombstones.js'
import { createConsentHoldings } from '../notify/holdings.js'
import { createPictureForgetter } from '../pictures/forget.js'
import { createPictureHolding } from '../pictures/holdings.js'
import type { Queue } from '../queue/queue.js'

export interface ErasingNeeds {
  readonly db: Database
  readonly queue: Queue
  readonly clock: Clock
  readonly log: Log
  readonly sealing: Sealing
  readonly loyalty: LoyaltyStore
  readonly chats: ChatStore
}

/** Every capability that keeps something personal takes its part here. */
export const openErasing = ({ db, queue, clock, log, sealing, loyalty, chats }: ErasingNeeds) => {
  const store = createErasureStore(db)
  const erasure = createErasure({
    db,
    store,
    tombstones: createTombstones(loyalty, sealing.fingerprint),
    chatsOf: chats.placesOf,
    forgetters: [
      ...createChatForgetters(db),
      createWebForgetter(db),
      createContentForgetter(db, createWebCopies(db)),
      createEventForgetter(db),
      createPictureForgetter(db),
      ...createLoyaltyForgetters(db),
      createAdoptedForgetter(db),
      createAnswerForgetter(db),
    ],
    lastly: [createAnswerAwaiter(db), createAddressForgetter(db)],
  })
  const job = createErasureJob({ db, store, erasure, queue, clock, log })
  return {
    erasure,
    job,
    eraseCustomer: createEraseCustomer({ db, erasure, clock, wake: job.wake }),
    exportPerson: createExportPerson({
      db,
      chatsOf: chats.placesOf,
      holdings: [
        ...createLoyaltyHoldings(db),
        createAdoptedHolding(db),
        createEventHolding(db),
        ...createConsentHoldings(db),
        ...createChatHoldings(db, sealing),
        createWebHolding(db),
        createDeliveryHolding(db),
        createPictureHolding(db),
      ],
    }),
  }
}
