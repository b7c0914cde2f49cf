import { z } from 'zod'
import { readBirthday, readEmail, readLanguage, readPhone } from '../events/profile.js'

/** The fields that many calls share: what they accept, and how they are written. */

const ID_MAX = 100

/** An opaque id of ours, such as `card_…`; any text parses, since one that nobody has is answered 404. */
export const id = (prefix: string) =>
  z
    .string()
    .max(ID_MAX)
    .meta({ description: `An opaque id that begins with \`${prefix}_\`.` })

/** A time in answers: ISO 8601 in UTC. */
export const time = z.iso.datetime({ precision: 3 })

export const timeOf = (unixMs: number): string => new Date(unixMs).toISOString()
export const timeOrNull = (unixMs: number | null): string | null => (unixMs === null ? null : timeOf(unixMs))

/** A moment in a query: ISO 8601 with its offset, to Unix ms. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be a time with its offset, such as 2026-05-01T09:00:00Z' })
  .transform((text) => Date.parse(text))

const readable = (read: (text: string) => string | null, message: string, description: string) =>
  z
    .string()
    .max(254)
    .transform((text, context) => {
      const value = read(text)
      if (value !== null) return value
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
    .meta({ description })

export const phone = readable(
  readPhone,
  'must be a phone number with its country code, such as +380501112233',
  'A phone number with its country code; kept as E.164.',
)
export const email = readable(readEmail, 'must be an email address', 'An email address; kept in lower case.')
export const birthday = readable(
  readBirthday,
  'must be a day such as 1990-05-17, or --05-17 without the year',
  '`YYYY-MM-DD`, or `--MM-DD` where the year is not known.',
)
export const language = readable(readLanguage, 'must be a language such as uk or pt-BR', 'A BCP 47 language tag.')

const NAME_MAX = 120
export const name = z
  .string()
  .trim()
  .min(1)
  .max(NAME_MAX)
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'must be one line' })

export const receiptId = z.string().trim().min(1).max(100).describe('Of the receipt at the till: it counts once.')

/** A customer as a till knows them: by id, or by phone or email with whatever else it has learned. */
export const customerRef = z
  .strictObject({
    id: id('c').optional(),
    phone: phone.optional(),
    email: email.optional(),
    name: name.optional(),
    birthday: birthday.optional(),
    language: language.optional(),
  })
  .refine(({ id: known, phone: number, email: address }) => known ?? number ?? address, {
    error: 'must have an id, a phone or an email',
  })
