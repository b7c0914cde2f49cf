import { randomBytes } from 'node:crypto'
import type { Decision, Found } from '../../../db/database.js'
import { derivedId } from '../../../ids.js'
import type { CardRow } from '../../loyalty-tables.js'
import { shortNumberOf } from '../../numbers.js'
import type { RuledCard } from '../card-events.js'
import { promisedTemplates, type Variant } from '../card-rules.js'
import { pressVoucher } from '../earning.js'
import { drawVariant } from '../lottery-draw.js'
import { lotteryPlayed } from '../lottery-events.js'
import type { Cause, OwnOrigin } from '../own-event.js'
import { NO_ROWS, rowsAfter } from '../own-rows.js'
import type { DrawRow, RewardRow } from '../own-tables.js'
import { type CommandNeeds, isOf, ruledCard, wakeFor, writesOf } from './commands.js'
import { type LastMomentOf, voucherPress } from './voucher-press.js'

export interface DrawLottery {
  readonly businessId: string
  /** What a goal has earned: a lottery. */
  readonly rewardId: string
  readonly locationId: string | null
  readonly origin: OwnOrigin
  /** Unix ms */
  readonly now: number
}

export type LotteryDraw =
  /** `isNew` is false when it was played before: the result stands. */
  | { readonly kind: 'drawn'; readonly draw: DrawRow; readonly variant: Variant; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'not_a_lottery' | 'taken_back' }

const RANDOM_BYTES = 32

/** Plays the lottery that a goal has earned, once; a voucher that it gives is in the same batch. */
export const createDrawLottery =
  (needs: CommandNeeds) =>
  async (asked: DrawLottery): Promise<LotteryDraw> => {
    const { db, loyalty, own } = needs
    const [reward] = await db.read(own.rewardById({ id: asked.rewardId }))
    const [known] = reward ? await db.read(loyalty.cardById({ id: reward.cardId })) : []
    const [played] = await db.read(own.drawOf({ rewardId: asked.rewardId }))
    // What was played stands by the rules of then: the card may be on others since, given back to 7stamp and adopted anew.
    const card = known && (await ruledCard(needs, { ...known, ...(played && rulesIn(played)) }))
    if (!reward || !card) return { kind: 'refused', reason: 'not_found' }
    const { lastMomentOf } = await import('../validity.js')
    const random = randomBytes(RANDOM_BYTES).toString('hex')
    const reads = readsFor(needs, reward, known, card)
    const result = await db.atomically(reads, (found) => decide(needs, card, random, asked, found, lastMomentOf))
    if (result.kind === 'drawn' && result.isNew) wakeFor(needs, reward.customerId)
    return result
  }

const readsFor = (
  { loyalty, own, templates, businessById }: CommandNeeds,
  { id, businessId, customerId }: RewardRow,
  { id: cardId }: CardRow,
  card: RuledCard,
) => ({
  customer: loyalty.lockedCustomer({ id: customerId }),
  card: loyalty.lockedCard({ id: cardId }),
  reward: own.rewardById({ id }),
  drawn: own.drawOf({ rewardId: id }),
  business: businessById({ id: businessId }),
  offers: templates.voucherTemplates({ ids: JSON.stringify(promisedTemplates(card.rules)) }),
  taken: loyalty.numbersTaken({ businessId, numbers: JSON.stringify([shortNumberOf(prizeIdOf(id))]) }),
})

const rulesIn = ({ templateId, templateVersion }: DrawRow) => ({ templateId, templateVersion })

const prizeIdOf = (rewardId: string): string => derivedId('v', rewardId)

const decide = (
  needs: CommandNeeds,
  card: RuledCard,
  random: string,
  { businessId, locationId, origin, now }: DrawLottery,
  found: Found<ReturnType<typeof readsFor>>,
  lastMomentOf: LastMomentOf,
): Decision<LotteryDraw> => {
  const [customer, reward, business, drawn] = [found.customer[0], found.reward[0], found.business[0], found.drawn[0]]
  if (!customer || customer.erasedAt !== null || !reward || !isOf(businessId, business)) return refuse('not_found')
  // It may have been given back to 7stamp since it was looked up.
  if (found.card[0]?.master !== 'own') return refuse('not_found')
  if (reward.type !== 'lottery') return refuse('not_a_lottery')
  if (!drawn && reward.takenBackAt !== null) return refuse('taken_back')
  const promised = card.rules.goals[reward.goalIndex]?.reward
  if (promised?.kind !== 'lottery') throw new Error(`the rules of ${reward.id} have no lottery`)
  const variantOf = ({ variantIndex }: Pick<DrawRow, 'variantIndex'>): Variant => {
    const variant = promised.variants[variantIndex]
    if (!variant) throw new Error(`the lottery of ${reward.id} has no variant ${variantIndex}`)
    return variant
  }
  if (drawn) return { writes: [], result: { kind: 'drawn', draw: drawn, variant: variantOf(drawn), isNew: false } }
  const { templateId, templateVersion } = card
  const subject = { businessId: business.id, customerId: customer.id, cardId: card.id, rewardId: reward.id }
  const draw = drawVariant(promised.variants, random, { ...subject, templateId, templateVersion })
  const variant = variantOf(draw)
  const cause: Cause = { business, customer, origin, locationId, at: now }
  const voucherId = variant.kind === 'voucher' ? prizeIdOf(reward.id) : null
  const press = voucherPress(found, business, now, lastMomentOf)
  const on = { id: card.id, goalIndex: reward.goalIndex }
  const events = [
    lotteryPlayed(cause, card, reward, { ...draw, random, variant, voucherId }),
    ...(variant.kind === 'voucher' && voucherId !== null
      ? [pressVoucher(cause, press, variant.voucherTemplateId, voucherId, on)]
      : []),
  ]
  const row = events.reduce(rowsAfter, NO_ROWS).draws.get(reward.id)
  if (!row) throw new Error(`the draw of ${reward.id} is missing`)
  return { writes: writesOf(needs, NO_ROWS, events), result: { kind: 'drawn', draw: row, variant, isNew: true } }
}

const refuse = (reason: (LotteryDraw & { kind: 'refused' })['reason']): Decision<LotteryDraw> => ({
  writes: [],
  result: { kind: 'refused', reason },
})
