import type { VoucherRow } from '../../loyalty-tables.js'
import type { RewardRow } from '../own-tables.js'

export type UndoRefusal =
  | { readonly reason: 'not_found' | 'already_undone' | 'too_late' }
  /** What the stamp has earned was redeemed or played. */
  | { readonly reason: 'reward_used'; readonly rewardId: string }

/** Why something done cannot be taken back any more; null if it can. */
export const undoRefusal = (
  done: { readonly at: number; readonly undoneAt: number | null },
  now: number,
  limitMs: number,
): UndoRefusal | null => {
  if (done.undoneAt !== null) return { reason: 'already_undone' }
  return now - done.at > limitMs ? { reason: 'too_late' } : null
}

/** A reward that stands in the way: its voucher was redeemed, or its lottery was played, and cannot be played better. */
export const rewardInUse = (
  rewards: readonly { readonly reward: RewardRow; readonly drawnAt: number | null }[],
  vouchers: readonly VoucherRow[],
): UndoRefusal | null => {
  const redeemed = new Set(vouchers.filter(({ state }) => state === 'redeemed').map(({ id }) => id))
  const used = rewards.find(
    ({ reward: { voucherId }, drawnAt }) => drawnAt !== null || (voucherId !== null && redeemed.has(voucherId)),
  )
  return used ? { reason: 'reward_used', rewardId: used.reward.id } : null
}
