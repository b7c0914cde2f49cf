import { sleep } from '../../clock.js'
import type { AdoptNeeds } from './adopt-needs.js'

const PATIENCE_MS = 5_000
const LOOK_AGAIN_MS = 100

/**
 * Whether all that 7stamp had told until then (Unix ms) is applied, within some seconds. What waits when its card becomes our
 * own changes nothing any more: a stamp would be lost, and a voucher that was redeemed at 7stamp could be redeemed again.
 */
export const isSettled = async (
  { db, waitingEvents }: AdoptNeeds,
  businessId: string,
  until: number,
): Promise<boolean> => {
  for (const since = performance.now(); ; ) {
    const waiting = await db.read(waitingEvents({ businessId, until }))
    if (waiting.length === 0) return true
    if (performance.now() - since > PATIENCE_MS) return false
    await sleep(LOOK_AGAIN_MS)
  }
}
