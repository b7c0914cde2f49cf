import type { LoyaltyEvent } from '../events/glossary.js'
import { type KnownParts, knownParts } from '../events/known-parts.js'

/** How a customer could be reached or recognised by somebody who does not know them already. */
const CONTACT: readonly string[] = ['name', 'phone', 'email', 'birthday']

/** An event as it goes out: its canonical frame with our id, and how to reach the customer only if that is wanted. */
export const outgoingFrame = (id: string, event: LoyaltyEvent, includeContact: boolean): string =>
  JSON.stringify({ ...(includeContact ? event : withoutContact(knownParts(event))), id })

const withoutContact = ({ customer, ...parts }: KnownParts): KnownParts => ({
  ...parts,
  customer: Object.fromEntries(Object.entries(customer ?? {}).filter(([name]) => !CONTACT.includes(name))),
})

/** What a test sends. It is no event of the glossary, so no receiver takes it for one. */
export const testFrame = (id: string, businessId: string, at: number): string =>
  JSON.stringify({ id, event: 'test', timestamp: new Date(at).toISOString(), business_id: businessId })
