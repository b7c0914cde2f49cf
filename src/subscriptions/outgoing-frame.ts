import { blocks, envelope, type LoyaltyEvent } from '../events/glossary.js'

type Frame = Readonly<Record<string, unknown>>

/** How a customer could be reached or recognised by somebody who does not know them already. */
const CONTACT: readonly string[] = ['name', 'phone', 'email', 'birthday']

/** An event as it goes out: its canonical frame with our id, and how to reach the customer only if that is wanted. */
export const outgoingFrame = (id: string, event: LoyaltyEvent, includeContact: boolean): string =>
  JSON.stringify({ ...(includeContact ? event : withoutContact(event)), id })

/** Only what the glossary knows, in every block: what a sender adds of its own may be personal. */
const withoutContact = (event: LoyaltyEvent): Frame => ({
  ...picked(
    event,
    Object.keys(envelope.shape).filter((name) => !Object.hasOwn(blocks, name)),
  ),
  ...Object.fromEntries(
    Object.entries(blocks).flatMap(([name, { shape }]) => {
      const block: unknown = Reflect.get(event, name)
      if (typeof block !== 'object' || block === null) return []
      const members = Object.keys(shape).filter((member) => name !== 'customer' || !CONTACT.includes(member))
      return [[name, picked(block, members)]]
    }),
  ),
})

/** What a test sends. It is no event of the glossary, so no receiver takes it for one. */
export const testFrame = (id: string, businessId: string, at: number): string =>
  JSON.stringify({ id, event: 'test', timestamp: new Date(at).toISOString(), business_id: businessId })

const picked = (from: object, names: readonly string[]): Frame =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value: unknown = Reflect.get(from, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
