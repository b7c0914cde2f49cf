import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Answer, type ApiCall, apiCall } from '../../api/api-call.js'
import { customerRef, id } from '../../api/fields.js'
import { pageOf, pageQuery, presentPage, readCursor } from '../../api/paging.js'
import { STAFF } from '../../api/who-may.js'
import type { Database } from '../../db/database.js'
import type { LookupStore } from '../lookup-store.js'
import type { LoyaltyStore } from '../loyalty-store.js'
import { typedNumber } from '../numbers.js'
import type { OwnCommands } from '../own/commands/own-commands.js'
import type { HistoryStore } from '../own/history-store.js'
import { cardJson, presentCard } from './card-json.js'
import type { CustomerDesk } from './customer-desk.js'
import type { createMirroredStamps, MirroredStamp } from './mirrored-stamps.js'
import { cardIssueRefused } from './own-refusals.js'
import type { Places } from './places.js'
import { presentReward, presentStamp, rewardJson, stampJson } from './stamp-json.js'

export interface CardRoutesNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly lookups: LookupStore
  readonly history: HistoryStore
  readonly mirroredStamps: ReturnType<typeof createMirroredStamps>
  readonly own: OwnCommands
  readonly desk: CustomerDesk
  readonly places: Places
}

const historyKey = z.tuple([z.int(), z.string()])
const FROM_THE_NEWEST = [Number.MAX_SAFE_INTEGER, ''] as const
const ETAG_LENGTH = 27

export const cardRoutes = ({
  db,
  loyalty,
  lookups,
  history,
  mirroredStamps,
  own,
  desk,
  places,
}: CardRoutesNeeds): readonly ApiCall[] => [
  apiCall({
    method: 'POST',
    path: '/cards',
    tag: 'Cards',
    summary: 'Give a customer a card, one of each template; the customer is made if they are new',
    may: STAFF,
    body: z.strictObject({
      customer: customerRef,
      card_template_id: id('ct').optional().describe("The business's first template if it is left out."),
      location_id: id('loc').optional(),
    }),
    answer: cardJson,
    examples: [{ title: 'A first card', body: { customer: { phone: '+380931112233', name: 'Taras' } }, status: 201 }],
    refusals: ['no_card_template', 'different_customers', 'customer_erased'],
    handle: async ({ caller, body, now }) => {
      const locationId = await places.locationIn(caller, body.location_id)
      const customer = await desk.customerNamed(caller, body.customer, now)
      const issue = await own.issueCard({
        businessId: caller.businessId,
        customerId: customer.id,
        templateId: body.card_template_id ?? null,
        origin: 'api',
        locationId,
        now,
      })
      if (issue.kind === 'refused') throw cardIssueRefused(issue.reason, body.card_template_id)
      return { status: issue.isNew ? 201 : 200, body: presentCard(issue.card), customerId: customer.id }
    },
  }),
  apiCall({
    method: 'GET',
    path: '/cards',
    tag: 'Cards',
    summary: 'Find a card by the number that people read and type',
    may: STAFF,
    query: z.strictObject({ number: z.string().min(1).max(100) }),
    answer: z.strictObject({ data: z.array(cardJson) }),
    examples: [{ title: 'By its number', query: { number: 'K7Q2-9FHM' }, status: 200 }],
    handle: async ({ caller, query: { number } }) => {
      const businessIds = await desk.familyIds(caller)
      const cards = await db.read(lookups.cardsNumbered({ businessIds, number, typed: typedNumber(number) ?? number }))
      return { status: 200, body: { data: cards.map(presentCard) } }
    },
  }),
  apiCall({
    method: 'GET',
    path: '/cards/{id}',
    tag: 'Cards',
    summary: 'State and progress of a card; with If-None-Match 304 while nothing has changed',
    may: STAFF,
    answer: cardJson,
    examples: [{ title: 'One card', params: { id: 'card_example' }, status: 200 }],
    handle: async ({ caller, params, ifNoneMatch }) =>
      unlessKnown(presentCard(await desk.card(caller, params.id)), ifNoneMatch),
  }),
  apiCall({
    method: 'GET',
    path: '/cards/{id}/history',
    tag: 'Cards',
    summary:
      "The stamps of a card and what each has earned, the newest first; for a card of 7stamp's as its events told",
    may: STAFF,
    query: z.strictObject(pageQuery),
    answer: pageOf(stampJson.extend({ rewards: z.array(rewardJson) })),
    examples: [{ title: 'The latest', params: { id: 'card_example' }, query: { limit: '10' }, status: 200 }],
    handle: async ({ caller, params, query: { limit, cursor } }) => {
      const card = await desk.card(caller, params.id)
      const { id: cardId } = card
      const behind = cursor === undefined ? FROM_THE_NEWEST : readCursor(historyKey, cursor)
      if (card.master === '7stamp') {
        const told = await mirroredStamps(card, behind, limit + 1)
        const keyOf = ({ at, eventId }: MirroredStamp) => [at, eventId]
        return { status: 200, body: presentPage(told, limit, keyOf, ({ stamp }) => ({ ...stamp, rewards: [] })) }
      }
      const [beforeAt, beforeId] = behind
      const stamps = await db.read(history.stampsOfCard({ cardId, beforeAt, beforeId, limit: limit + 1 }))
      const stampIds = JSON.stringify(stamps.map((stamp) => stamp.id))
      const rewards = await db.read(history.rewardsOfStamps({ cardId, stampIds }))
      const body = presentPage(
        stamps,
        limit,
        (stamp) => [stamp.at, stamp.id],
        (stamp) => ({
          ...presentStamp(stamp),
          rewards: rewards.filter(({ stampId }) => stampId === stamp.id).map(presentReward),
        }),
      )
      return { status: 200, body }
    },
  }),
  apiCall({
    method: 'GET',
    path: '/customers/{id}/cards',
    tag: 'Cards',
    summary: 'The cards of a customer, the one used last first',
    may: STAFF,
    answer: z.strictObject({ data: z.array(cardJson) }),
    examples: [{ title: 'All cards', params: { id: 'c_example' }, status: 200 }],
    handle: async ({ caller, params }) => {
      const { id: customerId } = await desk.customer(caller, params.id)
      return { status: 200, body: { data: (await db.read(loyalty.cardsOf({ customerId }))).map(presentCard) } }
    },
  }),
]

/** A tag that follows from the answer: a till that polls a card transfers it once for each change. */
const unlessKnown = (body: object, ifNoneMatch: string | null): Answer => {
  const tag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, ETAG_LENGTH)}"`
  const headers = { ETag: tag, 'Cache-Control': 'private, no-cache' }
  const known = (ifNoneMatch ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return known.includes(tag) || known.includes('*')
    ? { status: 304, body: null, headers }
    : { status: 200, body, headers }
}
