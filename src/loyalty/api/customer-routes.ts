import { z } from 'zod'
import { type ApiCall, apiCall } from '../../api/api-call.js'
import { birthday, email, id, language, name, phone, time, timeOf } from '../../api/fields.js'
import { pageOf, pageQuery, presentPage, readCursor } from '../../api/paging.js'
import { DESK, STAFF } from '../../api/who-may.js'
import type { Database } from '../../db/database.js'
import type { ExportPerson } from '../../erasure/export-person.js'
import { AppError } from '../../errors.js'
import { readEmail, readPhone } from '../../events/profile.js'
import { invalidInput } from '../../field-errors.js'
import { searchPatterns } from '../customer-search.js'
import type { CustomerStore } from '../customer-store.js'
import type { CustomerRow } from '../loyalty-tables.js'
import { type CustomerDesk, contactIn, unknown } from './customer-desk.js'
import { customerJson, presentCustomer } from './customer-json.js'

/** Where a customer opens a chat with the bot, by messenger; null where the business has none. */
export interface ChatLinks {
  readonly telegram: string | null
  readonly whatsapp: string | null
  readonly viber: string | null
  readonly web: string | null
  /** Unix ms */
  readonly expiresAt: number
}

export interface CustomerRoutesNeeds {
  readonly db: Database
  readonly customers: CustomerStore
  readonly desk: CustomerDesk
  /** Forgets a person: what is left of them afterwards is a tombstone. */
  erase(customerId: string): Promise<void>
  /** Everything that is held on a person, by capability. */
  exportPerson: ExportPerson
  createLinks(businessId: string, customerId: string, baseUrl: string): Promise<ChatLinks>
}

const pageKey = z.tuple([z.int(), z.string()])
/** Behind everything: where the first page begins. */
const FROM_THE_NEWEST = [Number.MAX_SAFE_INTEGER, ''] as const

const profile = {
  name: name.optional(),
  phone: phone.optional(),
  email: email.optional(),
  birthday: birthday.optional(),
  language: language.optional(),
}

const OLENA = { phone: '+380501112233', name: 'Olena Koval', birthday: '--05-17', language: 'uk' }

export const customerRoutes = (needs: CustomerRoutesNeeds): readonly ApiCall[] => {
  const { db, customers, desk } = needs
  return [
    apiCall({
      method: 'POST',
      path: '/customers',
      tag: 'Customers',
      summary: 'Find a customer by phone or email, or make one; what else is sent is taken over',
      may: STAFF,
      body: z
        .strictObject(profile)
        .refine((said) => said.phone ?? said.email, { error: 'must have a phone or an email' }),
      answer: customerJson,
      examples: [{ title: 'A new customer', body: OLENA, status: 201 }],
      refusals: ['different_customers', 'customer_erased'],
      handle: async ({ caller, body, now }) => {
        const contact = contactIn(body)
        if (contact === null) throw unknown('customer')
        const { customer, isNew } = await desk.save(caller, contact, body, now)
        return { status: isNew ? 201 : 200, body: presentCustomer(customer), customerId: customer.id }
      },
    }),
    apiCall({
      method: 'GET',
      path: '/customers',
      tag: 'Customers',
      summary: 'Find customers by phone, by email or by words of their name, phone and email; the newest first',
      may: STAFF,
      query: z.strictObject({
        phone: z.string().optional(),
        email: z.string().optional(),
        q: z.string().max(200).optional().describe('Up to four words, in whatever order and case.'),
        ...pageQuery,
      }),
      answer: pageOf(customerJson),
      examples: [
        { title: 'By phone', query: { phone: '+380501112233' }, status: 200 },
        { title: 'By words', query: { q: 'olena kov' }, status: 200 },
      ],
      handle: async ({ caller, query: { phone: typedPhone, email: typedEmail, q, limit, cursor } }) => {
        const businessIds = await desk.familyIds(caller)
        const [beforeAt, beforeId] = cursor === undefined ? FROM_THE_NEWEST : readCursor(pageKey, cursor)
        const page = (rows: readonly CustomerRow[]) => ({
          status: 200 as const,
          body: presentPage(rows, limit, ({ createdAt, id: rowId }) => [createdAt, rowId], presentCustomer),
        })
        /** Those with one contact are few, and read at once. */
        const pageOfFew = (rows: readonly CustomerRow[]) =>
          page(rows.filter((row) => row.createdAt < beforeAt || (row.createdAt === beforeAt && row.id < beforeId)))
        if ([typedPhone, typedEmail, q].filter((given) => given !== undefined).length > 1)
          throw invalidInput([{ field: 'q', message: 'is not beside phone or email: search by one of them' }])
        if (typedPhone !== undefined) {
          // In a query a plus is a space.
          const number = readPhone(typedPhone.replace(/^ /, '+'))
          return pageOfFew(number === null ? [] : await db.read(customers.withPhone({ businessIds, phone: number })))
        }
        if (typedEmail !== undefined) {
          const address = readEmail(typedEmail)
          return pageOfFew(address === null ? [] : await db.read(customers.withEmail({ businessIds, email: address })))
        }
        const [a, b, c, d] = searchPatterns(q ?? '')
        return page(await db.read(customers.page({ businessIds, a, b, c, d, beforeAt, beforeId, limit: limit + 1 })))
      },
    }),
    apiCall({
      method: 'GET',
      path: '/customers/{id}',
      tag: 'Customers',
      summary: 'One customer',
      may: STAFF,
      answer: customerJson,
      examples: [{ title: 'One customer', params: { id: 'c_example' }, status: 200 }],
      handle: async ({ caller, params }) => ({
        status: 200,
        body: presentCustomer(await desk.customer(caller, params.id)),
      }),
    }),
    apiCall({
      method: 'PATCH',
      path: '/customers/{id}',
      tag: 'Customers',
      summary: 'Change what is known of a customer; null takes it away',
      may: STAFF,
      body: z.strictObject({
        name: name.nullish(),
        phone: phone.nullish(),
        email: email.nullish(),
        birthday: birthday.nullish(),
        language: language.nullish(),
      }),
      answer: customerJson,
      examples: [
        { title: 'A new address', params: { id: 'c_example' }, body: { email: 'olena@example.com' }, status: 200 },
      ],
      refusals: ['phone_taken', 'email_taken'],
      handle: async ({ caller, params, body, now }) => {
        const changed = await desk.change({
          businessId: caller.businessId,
          customerId: params.id,
          profile: body,
          now,
        })
        if (changed.kind === 'changed')
          return { status: 200, body: presentCustomer(changed.customer), customerId: params.id }
        if (changed.reason === 'not_found') throw unknown('customer')
        throw new AppError(changed.reason, 'Another customer has it.')
      },
    }),
    apiCall({
      method: 'DELETE',
      path: '/customers/{id}',
      tag: 'Customers',
      summary: 'Erase a person: nothing is kept but what keeps them from being made anew',
      may: DESK,
      answer: z.null(),
      examples: [{ title: 'Erase a person', params: { id: 'c_leaving_example' }, status: 204 }],
      handle: async ({ caller, params, mayBeDone }) => {
        try {
          await desk.customer(caller, params.id)
        } catch (error) {
          if (mayBeDone && error instanceof AppError && error.code === 'not_found') return { status: 204, body: null }
          throw error
        }
        await needs.erase(params.id)
        return { status: 204, body: null }
      },
    }),
    apiCall({
      method: 'GET',
      path: '/customers/{id}/export',
      tag: 'Customers',
      summary: 'Everything that is held on a person',
      may: DESK,
      answer: z.strictObject({
        customer_id: id('c'),
        exported_at: time,
        holdings: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
      }),
      examples: [{ title: 'Everything', params: { id: 'c_example' }, status: 200 }],
      handle: async ({ caller, params, now }) => {
        const { id: customerId } = await desk.customer(caller, params.id)
        const holdings = await needs.exportPerson(customerId)
        return { status: 200, body: { customer_id: customerId, exported_at: timeOf(now), holdings } }
      },
    }),
    apiCall({
      method: 'POST',
      path: '/customers/{id}/links',
      tag: 'Customers',
      summary: 'Links that open a chat with the bot as this customer, for whoever uses one first',
      may: STAFF,
      body: z.strictObject({}),
      answer: z.strictObject({
        telegram: z.string().nullable(),
        whatsapp: z.string().nullable(),
        viber: z.string().nullable(),
        web: z.string().nullable(),
        expires_at: time,
      }),
      examples: [{ title: 'Links', params: { id: 'c_example' }, status: 201 }],
      handle: async ({ caller, params, baseUrl }) => {
        const customer = await desk.customer(caller, params.id)
        const { expiresAt, ...links } = await needs.createLinks(customer.businessId, customer.id, baseUrl)
        return { status: 201, body: { ...links, expires_at: timeOf(expiresAt) }, customerId: customer.id }
      },
    }),
  ]
}
