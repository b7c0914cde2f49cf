import { derivedId } from '../../ids.js'
import { goalReached, type NewReward, type RuledCard } from './card-events.js'
import type { Reward } from './card-rules.js'
import type { Cause, OwnEvent } from './own-event.js'
import { goalsBetween, lastGoalOf, type ReachedGoal, type Standing } from './stamping.js'
import { voucherIssued } from './voucher-events.js'
import type { VoucherOffer } from './voucher-offer.js'

/** What vouchers are made from: the offers by template, free numbers, and how long an offer lasts from now. */
export interface VoucherPress {
  offer(templateId: string): VoucherOffer
  numberFor(voucherId: string): string
  /** Unix ms, or null for ever. */
  expiresAt(offer: VoucherOffer): number | null
}

/** The events of the goals that a stamping reached, with the vouchers they earned. */
export const earnings = (
  cause: Cause,
  card: RuledCard,
  stampId: string,
  standings: { readonly before: Standing; readonly after: Standing },
  press: VoucherPress,
): readonly OwnEvent[] => {
  const { before, after } = standings
  return goalsBetween(card.rules, before.total, after.total).flatMap((reached, ordinal) => {
    const promised = card.rules.goals[reached.goalIndex]?.reward
    if (!promised) return []
    const reward = newReward(stampId, ordinal, reached, promised)
    const told = goalReached(cause, card, after, reward)
    if (promised.kind !== 'voucher' || reward.voucherId === null) return told
    const on = { id: card.id, goalIndex: reached.goalIndex }
    return [...told, pressVoucher(cause, press, promised.voucherTemplateId, reward.voucherId, on)]
  })
}

/** A voucher from a template, onto a card. */
export const pressVoucher = (
  cause: Cause,
  press: VoucherPress,
  templateId: string,
  id: string,
  card: { readonly id: string; readonly goalIndex: number | null },
): OwnEvent => {
  const offer = press.offer(templateId)
  return voucherIssued(cause, offer, { id, number: press.numberFor(id), card, expiresAt: press.expiresAt(offer) })
}

const newReward = (
  stampId: string,
  ordinal: number,
  { goalIndex, total }: ReachedGoal,
  promised: Reward,
): NewReward => ({
  id: rewardIdOf(stampId, ordinal),
  stampId,
  goalIndex,
  stampsTotal: total,
  type: promised.kind,
  title: promised.title,
  voucherId: promised.kind === 'voucher' ? voucherIdOf(stampId, ordinal) : null,
})

const rewardIdOf = (stampId: string, ordinal: number): string => derivedId('rwd', stampId, String(ordinal))
const voucherIdOf = (stampId: string, ordinal: number): string => derivedId('v', stampId, String(ordinal))

/** The vouchers that so many stamps may earn at most, whatever the card has by then: their numbers are looked up before. */
export const possibleVouchers = ({ rules }: Pick<RuledCard, 'rules'>, stampId: string, count: number): string[] => {
  const rounds = Math.ceil(count / lastGoalOf(rules.goals)) + 1
  const most = Math.min(count, rounds * rules.goals.length)
  return Array.from({ length: most }, (_, ordinal) => voucherIdOf(stampId, ordinal))
}
