import type { LoyaltyEvent } from '../events/glossary.js'

/** The members of a frame that a subscriber gets without contact data; what a sender added of its own may be personal. */
const MEMBERS = [
  'event',
  'timestamp',
  'business_id',
  'location_id',
  'card',
  'stamp',
  'reward',
  'voucher',
  'redemption',
  'lottery',
  'inactivity',
  'campaign',
  'undoes',
] as const

/** Of the customer: what says who it is to somebody who knows already. */
const CUSTOMER_MEMBERS = ['id', 'wallet_pass_id', 'language'] as const

/** An event as it goes out: its canonical frame with our id, and how to reach the customer only if that is wanted. */
export const outgoingFrame = (id: string, event: LoyaltyEvent, includeContact: boolean): string =>
  JSON.stringify(
    includeContact
      ? { ...event, id }
      : { id, ...picked(event, MEMBERS), customer: picked(event.customer, CUSTOMER_MEMBERS) },
  )

/** What a test sends. It is no event of the glossary, so no receiver takes it for one. */
export const testFrame = (id: string, businessId: string, at: number): string =>
  JSON.stringify({ id, event: 'test', timestamp: new Date(at).toISOString(), business_id: businessId })

const picked = (from: object, names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value: unknown = Reflect.get(from, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
