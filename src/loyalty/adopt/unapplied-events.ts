import { sleep } from '../../clock.js'
import type { AdoptNeeds } from './adopt-needs.js'

const PATIENCE_MS = 5_000
const LOOK_AGAIN_MS = 100

/**
 * Whether all that 7stamp had told until then (Unix ms) is applied, within some seconds. What waits when its card becomes our
 * own changes nothing any more: a stamp would be lost, and a voucher that was redeemed at 7stamp could be redeemed again.
 */
export const isAllApplied = async (
  { db, pendingEvents }: AdoptNeeds,
  businessId: string,
  until: number,
): Promise<boolean> => {
  for (const since = performance.now(); ; ) {
    const pending = await db.read(pendingEvents({ businessId, until }))
    if (pending.length === 0) return true
    if (performance.now() - since > PATIENCE_MS) return false
    await sleep(LOOK_AGAIN_MS)
  }
}

/** How many of 7stamp's events failed so often that somebody must look: once cards are our own, they would be lost too. */
export const failedEvents = async (
  { db, failedEvents: count }: Pick<AdoptNeeds, 'db' | 'failedEvents'>,
  businessId: string,
): Promise<number> => (await db.read(count({ businessId })))[0]?.count ?? 0

/** What to do with so many. */
export const failedSentence = (count: number): string =>
  `${count === 1 ? '1 event of 7stamp’s has' : `${count} events of 7stamp’s have`} failed five times, and adopting would lose ` +
  'what was told: see "npm run cli -- events dead", then apply with "events replay --all", or give up what you do not need ' +
  'with "events drop <id>".'
