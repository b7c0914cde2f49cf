import type { CardRow, VoucherRow } from './loyalty-tables.js'
import { shortNumberOf } from './numbers.js'
import type { CardFacts, VoucherFacts } from './transition.js'

/** A card as messages and pictures show it. 7stamp's own card id is the number its staff looks a card up by. */
export const cardFacts = (card: CardRow): CardFacts => {
  const goals = [...new Set(card.goals)].sort((a, b) => a - b)
  return {
    id: card.id,
    number: card.externalId ?? shortNumberOf(card.id),
    title: card.title,
    stamps: card.stamps,
    stampsGoal: card.stampsGoal ?? goals.at(-1) ?? null,
    goals,
    // 7stamp's events do not say what a goal that is still ahead will earn; our own cards know.
    nextReward: card.goalIndex === null ? null : (card.goalRewards?.[card.goalIndex] ?? null),
  }
}

/** A voucher as messages and pictures show it. */
export const voucherFacts = (voucher: VoucherRow): VoucherFacts => ({
  id: voucher.id,
  master: voucher.master,
  number: voucher.number,
  title: voucher.title,
  description: voucher.description,
  redeemCode: voucher.redeemCode,
  formats: voucher.redeemCodeFormats,
  expiresAt: voucher.expiresAt,
  state: voucher.state,
})
