import { z } from 'zod'
import { id, time, timeOf } from '../../api/fields.js'
import type { CustomerRow } from '../loyalty-tables.js'

export const customerJson = z
  .strictObject({
    id: id('c'),
    name: z.string().nullable(),
    phone: z.string().nullable().describe('E.164'),
    email: z.string().nullable(),
    birthday: z.string().nullable().describe('`YYYY-MM-DD`, or `--MM-DD` where the year is not known.'),
    language: z.string().nullable(),
    master: z.enum(['7stamp', 'own']).describe('Who made the customer: 7stamp, or our own API, chat or import.'),
    external_id: z.string().nullable().describe("7stamp's id of a customer whom it made."),
    created_at: time,
  })
  .meta({ id: 'Customer' })

export const presentCustomer = (customer: CustomerRow): z.input<typeof customerJson> => {
  const { id: customerId, name, phone, email, birthday, language, externalId, createdAt } = customer
  return {
    id: customerId,
    name,
    phone,
    email,
    birthday,
    language,
    master: externalId === null ? 'own' : '7stamp',
    external_id: externalId,
    created_at: timeOf(createdAt),
  }
}
