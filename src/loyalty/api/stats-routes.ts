import { z } from 'zod'
import { type ApiCall, apiCall } from '../../api/api-call.js'
import { id, moment, time, timeOf } from '../../api/fields.js'
import { DESK } from '../../api/who-may.js'
import type { Bound, Database } from '../../db/database.js'
import { invalidInput } from '../../field-errors.js'
import type { StatsStore } from '../own/stats-store.js'
import type { Places } from './places.js'

export interface StatsRoutesNeeds {
  readonly db: Database
  readonly stats: StatsStore
  readonly places: Places
  /** How many events of each name came in a time. */
  readonly eventsByName: (values: {
    readonly businessId: string
    readonly from: number
    readonly to: number
  }) => Bound<readonly { readonly name: string; readonly count: number }[]>
}

const DAY_MS = 86_400_000
const USUAL_DAYS = 30

export const statsRoutes = ({ db, stats, places, eventsByName }: StatsRoutesNeeds): readonly ApiCall[] => [
  apiCall({
    method: 'GET',
    path: '/stats',
    tag: 'Business',
    summary: 'Figures of a time, the last 30 days unless another is asked for',
    may: DESK,
    query: z.strictObject({
      from: moment.optional().describe('ISO 8601 with an offset.'),
      to: moment.optional().describe('Not included.'),
      location_id: id('loc').optional(),
    }),
    answer: z.strictObject({
      from: time,
      to: time,
      location_id: z.string().nullable(),
      customers: z.strictObject({ total: z.int(), new: z.int() }),
      stampings: z.int().describe('On cards of our own, at the location.'),
      stamps: z.int(),
      amount: z.int().describe('Of the orders that were stamped, in minor units.'),
      vouchers_redeemed: z.int().describe('Vouchers of our own, at the location.'),
      events: z.record(z.string(), z.int()).describe('How often each event came, everywhere, of 7stamp’s cards too.'),
    }),
    examples: [
      { title: 'The last 30 days', status: 200 },
      { title: 'A day', query: { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' }, status: 200 },
    ],
    handle: async ({ caller, query, now }) => {
      const { businessId } = caller
      const to = query.to ?? now + 1
      const from = query.from ?? to - USUAL_DAYS * DAY_MS
      if (from >= to) throw invalidInput([{ field: 'to', message: 'must be later than from' }])
      const locationId = await places.locationIn(caller, query.location_id)
      const period = { businessId, from, to, locationId: locationId ?? '' }
      const [customers, stamped, redeemed, events] = await Promise.all([
        db.read(stats.customers({ businessId, from, to })),
        db.read(stats.stamps(period)),
        db.read(stats.redemptions(period)),
        db.read(eventsByName({ businessId, from, to })),
      ])
      return {
        status: 200,
        body: {
          from: timeOf(from),
          to: timeOf(to),
          location_id: locationId,
          customers: { total: customers[0]?.total ?? 0, new: customers[0]?.made ?? 0 },
          stampings: stamped[0]?.stampings ?? 0,
          stamps: stamped[0]?.stamps ?? 0,
          amount: stamped[0]?.amount ?? 0,
          vouchers_redeemed: redeemed[0]?.count ?? 0,
          events: Object.fromEntries(events.map(({ name, count }) => [name, count])),
        },
      }
    },
  }),
]
