import { z } from 'zod'
import type { Caller } from '../../access/authentication.js'
import { type Answer, type ApiCall, apiCall } from '../../api/api-call.js'
import { customerRef, id, receiptId } from '../../api/fields.js'
import { STAFF } from '../../api/who-may.js'
import type { Database } from '../../db/database.js'
import { AppError, assertNever } from '../../errors.js'
import type { LoyaltyStore } from '../loyalty-store.js'
import type { CardRow, CustomerRow } from '../loyalty-tables.js'
import type { OwnCommands } from '../own/commands/own-commands.js'
import type { HistoryStore } from '../own/history-store.js'
import { cardJson, presentCard } from './card-json.js'
import { type CustomerDesk, unknown } from './customer-desk.js'
import { cardIssueRefused, managedBy7stamp, stampRefused, stampUndoRefused } from './own-refusals.js'
import type { Places } from './places.js'
import { presentReward, presentStamp, rewardJson, stampJson } from './stamp-json.js'

export interface StampRoutesNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly history: HistoryStore
  readonly own: OwnCommands
  readonly desk: CustomerDesk
  readonly places: Places
}

const MOST_STAMPS = 1_000
const MOST_MINOR = 1_000_000_000_000

const visit = {
  count: z.int().min(1).max(MOST_STAMPS).optional().describe('So many stamps, whatever the amount would give.'),
  amount: z.int().min(0).max(MOST_MINOR).optional().describe('Of the order, in minor units.'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'must be a currency such as EUR' })
    .optional()
    .describe('Of the amount; the business’s if it is left out.'),
  receipt_id: receiptId.optional(),
  location_id: id('loc').optional(),
}

type Visit = { readonly [K in keyof typeof visit]?: z.output<(typeof visit)[K]> }

const stamped = z.strictObject({
  stamp: stampJson,
  card: cardJson,
  rewards: z.array(rewardJson).describe('What the goals that this stamp reached have earned.'),
})

const STAMP_REFUSALS = ['managed_by_7stamp', 'own_card', 'card_complete'] as const

export const stampRoutes = (needs: StampRoutesNeeds): readonly ApiCall[] => {
  const { db, loyalty, history, own, desk, places } = needs

  /** 201 for a new stamp, 200 for one that its receipt or key has made before. */
  const stamp = async (
    caller: Caller,
    card: CardRow,
    asked: Visit,
    { key, now }: { readonly key: string | null; readonly now: number },
  ): Promise<Answer> => {
    const stamping = await own.addStamps({
      businessId: caller.businessId,
      cardId: card.id,
      count: asked.count ?? null,
      amount:
        asked.amount === undefined
          ? null
          : { minor: asked.amount, currency: asked.currency ?? (await places.currencyOf(card.businessId)) },
      receiptId: asked.receipt_id ?? null,
      key,
      by: { staffId: caller.staffId, source: 'api' },
      byCustomerIds: [],
      locationId: await places.locationIn(caller, asked.location_id),
      origin: 'api',
      now,
    })
    switch (stamping.kind) {
      case 'refused':
        throw stampRefused(stamping.reason, asked.count === undefined ? 'amount' : 'count')
      case 'stamped':
        return {
          status: 201,
          body: {
            stamp: presentStamp(stamping.stamp),
            card: presentCard(stamping.card),
            rewards: stamping.rewards.map(presentReward),
          },
          customerId: card.customerId,
        }
      case 'stamped_before': {
        const { stamp: before } = stamping
        // The receipt may have been counted on another card.
        const [onCard = card] = await db.read(loyalty.cardById({ id: before.cardId }))
        const rewards = await db.read(
          history.rewardsOfStamps({ cardId: before.cardId, stampIds: JSON.stringify([before.id]) }),
        )
        return {
          status: 200,
          body: { stamp: presentStamp(before), card: presentCard(onCard), rewards: rewards.map(presentReward) },
          customerId: onCard.customerId,
        }
      }
      default:
        return assertNever(stamping)
    }
  }

  /** Whoever has a card is given none unasked, wherever it is stamped. */
  const hasOnly7stamps = async ({ id: customerId, externalId }: CustomerRow): Promise<boolean> => {
    if (externalId === null) return false
    const cards = await db.read(loyalty.cardsOf({ customerId }))
    return cards.length > 0 && cards.every(({ master }) => master === '7stamp')
  }

  return [
    apiCall({
      method: 'POST',
      path: '/cards/{id}/stamps',
      tag: 'Stamps',
      summary: 'Stamp a card; a receipt counts once',
      may: STAFF,
      body: z.strictObject(visit),
      answer: stamped,
      examples: [
        {
          title: 'By amount',
          params: { id: 'card_example' },
          body: { amount: 1250, receipt_id: 'R-1001' },
          status: 201,
        },
        {
          title: 'The same receipt again',
          params: { id: 'card_example' },
          body: { receipt_id: 'R-1001' },
          status: 200,
        },
      ],
      refusals: STAMP_REFUSALS,
      handle: async ({ caller, params, body, key, now }) =>
        stamp(caller, await desk.card(caller, params.id), body, { key, now }),
    }),
    apiCall({
      method: 'POST',
      path: '/stamps',
      tag: 'Stamps',
      summary: 'Stamp the card of a customer, who is made and given one if there is none, here or at 7stamp',
      may: STAFF,
      body: z.strictObject({ customer: customerRef, card_template_id: id('ct').optional(), ...visit }),
      answer: stamped,
      examples: [
        {
          title: 'A new guest at the till',
          body: { customer: { phone: '+380671112233' }, count: 1, receipt_id: 'R-1002' },
          status: 201,
        },
      ],
      refusals: [...STAMP_REFUSALS, 'no_card_template', 'different_customers', 'customer_erased'],
      handle: async ({ caller, body: { customer: ref, card_template_id: templateId, ...asked }, key, now }) => {
        const locationId = await places.locationIn(caller, asked.location_id)
        const customer = await desk.customerNamed(caller, ref, now)
        if (templateId === undefined && (await hasOnly7stamps(customer))) throw managedBy7stamp()
        const issue = await own.issueCard({
          businessId: caller.businessId,
          customerId: customer.id,
          templateId: templateId ?? null,
          origin: 'api',
          locationId,
          now,
        })
        if (issue.kind === 'issued') return stamp(caller, issue.card, asked, { key, now })
        throw cardIssueRefused(issue.reason, templateId)
      },
    }),
    apiCall({
      method: 'POST',
      path: '/cards/{id}/stamps/{stamp_id}/undo',
      tag: 'Stamps',
      summary: 'Take a mistaken stamp back, with what it earned',
      may: STAFF,
      body: z.strictObject({ location_id: id('loc').optional() }),
      answer: cardJson,
      examples: [
        { title: 'A mistake', params: { id: 'card_example', stamp_id: 'stamp_mistaken_example' }, status: 200 },
      ],
      refusals: ['managed_by_7stamp', 'already_undone', 'too_late', 'reward_used'],
      handle: async ({ caller, params, body, mayBeDone, now }) => {
        const card = await desk.card(caller, params.id)
        if (card.master === '7stamp') throw managedBy7stamp()
        const undo = await own.undoStamp({
          businessId: caller.businessId,
          cardId: card.id,
          stampId: params.stamp_id,
          locationId: await places.locationIn(caller, body.location_id),
          origin: 'api',
          now,
        })
        if (undo.kind === 'undone') return { status: 200, body: presentCard(undo.card), customerId: card.customerId }
        if (undo.reason === 'already_undone' && mayBeDone)
          return { status: 200, body: presentCard(card), customerId: card.customerId }
        throw stampUndoRefused(undo)
      },
    }),
    apiCall({
      method: 'POST',
      path: '/rewards/{id}/draw',
      tag: 'Stamps',
      summary: 'Play the lottery that a goal has earned; the same result each time it is asked for',
      may: STAFF,
      body: z.strictObject({ location_id: id('loc').optional() }),
      answer: z.strictObject({
        reward_id: id('rwd'),
        result: z.enum(['award', 'voucher', 'try_again', 'no_prize']),
        title: z.string(),
        greeting: z.string().nullable(),
        voucher_id: id('v').nullable(),
      }),
      examples: [{ title: 'A draw', params: { id: 'rwd_lottery_example' }, status: 200 }],
      refusals: ['not_a_lottery', 'taken_back'],
      handle: async ({ caller, params, body, now }) => {
        const drawn = await own.drawLottery({
          businessId: caller.businessId,
          rewardId: params.id,
          locationId: await places.locationIn(caller, body.location_id),
          origin: 'api',
          now,
        })
        if (drawn.kind === 'refused') {
          if (drawn.reason === 'not_found') throw unknown('reward')
          const why = drawn.reason === 'taken_back' ? 'The goal was taken back.' : 'The reward is no lottery.'
          throw new AppError(drawn.reason, why)
        }
        const { draw, variant } = drawn
        return {
          status: 200,
          body: {
            reward_id: draw.rewardId,
            result: draw.result,
            title: variant.title,
            greeting: variant.greeting,
            voucher_id: draw.voucherId,
          },
        }
      },
    }),
  ]
}
