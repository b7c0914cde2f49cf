import type { Found, Reads } from '../../src/db/database.js'
import type { CustomerFacts } from '../conversation/customer-facts.js'
import type { RecentCard } from '../conversation/staff/staff-facts.js'
import type { TillCard } from '../conversation/till-code.js'

/** A customer as the loyalty mirror knows them; consent and choices are kept elsewhere. */
export type KnownCustomer = Omit<CustomerFacts, 'newsConsent' | 'hears'> & { readonly language: string | null }

/** What the chats ask about customers. `main` gives the loyalty mirror's answers. */
export interface CustomerBook<R extends Reads = Reads> {
  /** The reads that together hold everything `known` needs. */
  reads(customerId: string): R
  /** Null for one that does not exist or was erased. */
  known(found: Found<R>): KnownCustomer | null
  /** Cards of this business and its sisters that got a stamp since (Unix ms), the latest first; a few at most. */
  recentlyStamped(businessId: string, since: number): Promise<readonly RecentCard[]>
  /** Whose card it is, if there is exactly one such card. */
  ownerOfCard(businessId: string, card: TillCard): Promise<string | null>
  /** Ids of the customers of this business and its sisters with this number (E.164). */
  findByPhone(businessId: string, phone: string): Promise<readonly string[]>
}
