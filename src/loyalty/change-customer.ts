import { type Decision, demand } from '../db/database.js'
import { familyIds } from './family.js'
import type { CustomerRow } from './loyalty-tables.js'
import { type CustomerNeeds, type Profile, withProfile } from './save-customer.js'

export interface ChangeCustomer {
  readonly businessId: string
  readonly customerId: string
  readonly profile: Profile
  /** Unix ms */
  readonly now: number
}

export type ChangedCustomer =
  | { readonly kind: 'changed'; readonly customer: CustomerRow }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'phone_taken' | 'email_taken' }

/** Changes what is known of a customer. A phone or email that somebody else has is refused. */
export const createChangeCustomer =
  (needs: CustomerNeeds) =>
  async ({ businessId, customerId, profile, now }: ChangeCustomer): Promise<ChangedCustomer> => {
    const { db, loyalty, customers } = needs
    const { phone, email } = profile
    const businessIds = await familyIds(needs, businessId)
    return db.atomically(
      {
        customer: loyalty.lockedCustomer({ id: customerId }),
        byPhone: typeof phone === 'string' ? customers.withPhone({ businessIds, phone }) : null,
        byEmail: typeof email === 'string' ? customers.withEmail({ businessIds, email }) : null,
      },
      ({ customer: [customer], byPhone, byEmail }): Decision<ChangedCustomer> => {
        if (!customer || customer.erasedAt !== null || !isAmong(businessIds, customer)) return refuse('not_found')
        const isOther = ({ id }: { readonly id: string }) => id !== customerId
        if (byPhone.some(isOther)) return refuse('phone_taken')
        if (byEmail.some(isOther)) return refuse('email_taken')
        const after = withProfile(customer, profile, now)
        const writes = after === customer ? [] : [demand(1, loyalty.saveCustomer(after))]
        return { writes, result: { kind: 'changed', customer: after } }
      },
    )
  }

const isAmong = (businessIds: string, { businessId }: CustomerRow): boolean =>
  (JSON.parse(businessIds) as readonly string[]).includes(businessId)

const refuse = (reason: (ChangedCustomer & { kind: 'refused' })['reason']): Decision<ChangedCustomer> => ({
  writes: [],
  result: { kind: 'refused', reason },
})
