import type { z } from 'zod'
import type { Caller } from '../../access/authentication.js'
import type { customerRef } from '../../api/fields.js'
import { AppError } from '../../errors.js'
import { createChangeCustomer } from '../change-customer.js'
import { familyIds, isFamily } from '../family.js'
import type { LookupStore } from '../lookup-store.js'
import type { CardRow, CustomerRow, VoucherRow } from '../loyalty-tables.js'
import type { CardTemplateRow, VoucherTemplateRow } from '../own/own-tables.js'
import type { TemplateStore } from '../own/template-store.js'
import { type Contact, type CustomerNeeds, createSaveCustomer, type SavedCustomer } from '../save-customer.js'

/** Whoever asks for a business. */
type Of = Pick<Caller, 'businessId'>

export type CustomerRef = z.output<typeof customerRef>

const WHY = {
  different_customers: 'The phone is one customer’s and the email another’s: send one of the two.',
  customer_erased: 'This person asked to be forgotten, and nothing is kept of them any more.',
} as const

/** What a caller may see and name: customers, cards and vouchers of their business and its sisters. */
export type CustomerDesk = ReturnType<typeof createCustomerDesk>

export const createCustomerDesk = (
  needs: CustomerNeeds & { readonly templates: TemplateStore; readonly lookups: LookupStore },
) => {
  const { db, loyalty, lookups, templates } = needs
  const save = createSaveCustomer(needs)

  const isTheirs = async ({ businessId }: Of, row: { readonly businessId: string } | undefined) =>
    row !== undefined && (await isFamily(needs, businessId, row.businessId))

  const saved = (outcome: SavedCustomer) => {
    if (outcome.kind === 'refused') throw new AppError(outcome.reason, WHY[outcome.reason])
    return outcome
  }

  const customer = async (caller: Of, id: string): Promise<CustomerRow> => {
    const [row] = await db.read(loyalty.customerById({ id }))
    if (!row || row.erasedAt !== null || !(await isTheirs(caller, row))) throw unknown('customer')
    return row
  }

  return {
    change: createChangeCustomer(needs),
    /** A business and its sisters, as a JSON array of ids. */
    familyIds: ({ businessId }: Of) => familyIds(needs, businessId),
    /** Throws AppError('not_found'), as do the others that give a row. */
    customer,
    card: async (caller: Of, id: string): Promise<CardRow> => {
      const [row] = await db.read(lookups.cardById({ id }))
      if (!row || !(await isTheirs(caller, row))) throw unknown('card')
      return row
    },
    voucher: async (caller: Of, id: string): Promise<VoucherRow> => {
      const [row] = await db.read(lookups.voucherById({ id }))
      if (!row || !(await isTheirs(caller, row))) throw unknown('voucher')
      return row
    },
    cardTemplate: async (caller: Of, id: string): Promise<CardTemplateRow> => {
      const [row] = await db.read(templates.cardTemplate({ id }))
      if (!row || !(await isTheirs(caller, row))) throw unknown('card template')
      return row
    },
    voucherTemplate: async (caller: Of, id: string): Promise<VoucherTemplateRow> => {
      const [row] = await db.read(templates.voucherTemplates({ ids: JSON.stringify([id]) }))
      if (!row || !(await isTheirs(caller, row))) throw unknown('voucher template')
      return row
    },
    /** Finds or makes them. Throws AppError: 'different_customers', 'customer_erased'. */
    save: async ({ businessId }: Caller, contact: Contact, profile: CustomerRef, now: number) =>
      saved(await save({ businessId, contact, profile: profileIn(profile), now })),
    /** The customer that a till names, made if they are new. Throws AppError as `customer` and `save` do. */
    customerNamed: async (caller: Caller, ref: CustomerRef, now: number): Promise<CustomerRow> => {
      if (ref.id !== undefined) return customer(caller, ref.id)
      const contact = contactIn(ref)
      if (contact === null) throw unknown('customer')
      return saved(await save({ businessId: caller.businessId, contact, profile: profileIn(ref), now })).customer
    },
  }
}

export const unknown = (what: string): AppError => new AppError('not_found', `There is no such ${what}.`)

/** Null if neither a phone nor an email is said. */
export const contactIn = ({ phone, email }: Pick<CustomerRef, 'phone' | 'email'>): Contact | null => {
  if (phone !== undefined) return { phone, email }
  return email === undefined ? null : { email }
}

const profileIn = ({ name, birthday, language }: CustomerRef) => ({ name, birthday, language })
