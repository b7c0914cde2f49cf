import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import type { Queue, Worker } from '../queue/queue.js'
import type { Silence } from './silence.js'
import { createSilenceStore } from './silence-store.js'

const TOPIC = 'silence'
const ID = 'all'
const EVERY_5_MINUTES = '*/5 * * * *'
const INTERVAL_MS = 5 * 60_000

/** A business as the watch needs to know it. */
export interface WatchedBusiness {
  readonly id: string
  /** IANA name */
  readonly timeZone: string
}

export interface SilenceWatchNeeds<Business extends WatchedBusiness> {
  readonly db: Database
  readonly queue: Queue
  readonly clock: Clock
  listBusinesses(): Promise<readonly Business[]>
  /** Tells the owner. May be called again for the same silence if it fails or dies half-way. */
  tell(business: Business, silence: Silence): Promise<void>
}

/**
 * Watches for webhooks that have stopped coming. Each silence is told once; a business is told again only after events came
 * in between.
 */
export const createSilenceWatch = <Business extends WatchedBusiness>(needs: SilenceWatchNeeds<Business>) => {
  const { db, queue, clock, listBusinesses, tell } = needs
  const store = createSilenceStore(db)

  const lookAt = async (business: Business): Promise<void> => {
    const businessId = business.id
    const now = clock()
    const [last] = await db.read(store.lastReceived({ businessId }))
    const [told] = await db.read(store.toldSilence({ businessId }))
    // Spares most businesses the look at four weeks of events.
    if (!last || now - last.receivedAt < INTERVAL_MS || last.receivedAt <= (told?.silentSince ?? 0)) return
    // luxon comes along, 4 MB that a process without a silence to judge does not pay.
    const { SILENCE_HISTORY_MS, silenceOf } = await import('./silence.js')
    const minutes = await db.read(store.receivedMinutes({ businessId, since: now - SILENCE_HISTORY_MS }))
    const receivedAts = minutes.map(({ receivedAt }) => receivedAt)
    const silence = silenceOf(receivedAts, now, business.timeZone)
    if (!silence) return
    await tell(business, silence)
    await db.write(store.rememberSilence({ businessId, silentSince: silence.silentSince }))
  }

  const lookAtAll = async (): Promise<void> => {
    for (const business of await listBusinesses()) await lookAt(business)
  }

  return {
    lookAtAll,
    /** Looks whenever `schedule` has asked for it, in one process at a time. */
    start: (): Promise<Worker> => queue.work(TOPIC, { concurrency: 1 }, lookAtAll),
    /** Asks for a look every 5 minutes; again and again, since a queue may be away or forget it. */
    schedule: (): Promise<void> => queue.repeat(TOPIC, ID, EVERY_5_MINUTES, 'UTC'),
  }
}
