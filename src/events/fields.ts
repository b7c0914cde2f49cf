import { z } from 'zod'
import { readExpiry, readInstant } from './instant.js'

/**
 * The kinds of field in an event's frame. All are tolerant where a sender means well (null or an empty text is "not given",
 * a whole number is an id) and strict where a guess could be wrong. Every length is bounded.
 */
const ID_MAX = 128
const TITLE_MAX = 500
const TEXT_MAX = 10_000
const COUNT_MAX = 1_000_000
const MONEY_MAX = 1_000_000_000_000
const LIST_MAX = 100

/** An id of 7stamp's: opaque text. A number is taken only while a double still holds it exactly: two ids must not become one. */
const anyId = z.union([z.string().trim().max(ID_MAX), z.int()], {
  error: ({ input }) => (input === undefined ? 'is required' : `must be a text of 1 to ${ID_MAX} characters`),
})

export const requiredId = anyId.transform(String).refine((id) => id !== '', { error: 'must not be empty' })

/** Makes a field one that may be missing; null and '' count as missing. */
export const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform(dropEmpty)

type Given<T> = Exclude<T, null | ''>
const dropEmpty = <T>(value: T): Given<T> | undefined =>
  value === null || value === '' ? undefined : (value as Given<T>)

export const optionalId = optional(anyId.transform(String))

/** One line: a title, a name, a code. */
export const title = optional(z.string().trim().max(TITLE_MAX))

/** A message or description. */
export const longText = optional(z.string().max(TEXT_MAX))

export const count = optional(z.int().min(0).max(COUNT_MAX))

/** Money in minor units. */
export const money = optional(z.int().min(0).max(MONEY_MAX))

export const moneyChange = optional(z.int().min(-MONEY_MAX).max(MONEY_MAX))

export const counts = optional(z.array(z.int().min(0).max(COUNT_MAX)).max(LIST_MAX))

export const titles = optional(z.array(z.string().trim().max(TITLE_MAX)).max(LIST_MAX))

/** One of a closed set that 7stamp documents. */
export const choice = <const Values extends readonly [string, ...string[]]>(values: Values) => optional(z.enum(values))

export const choices = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  optional(z.array(z.enum(values)).max(LIST_MAX))

const moment = (read: (value: string | number) => number | null) =>
  z
    .union([z.string(), z.number()], {
      error: ({ input }) => (input === undefined ? 'is required' : MOMENT_MESSAGE),
    })
    .transform((value, context) => {
      const at = read(value)
      if (at !== null) return new Date(at).toISOString()
      context.addIssue({ code: 'custom', message: MOMENT_MESSAGE, input: value })
      return z.NEVER
    })

const MOMENT_MESSAGE = 'must be a time since 2000 as ISO 8601 with Z or an offset, such as 2026-05-11T12:34:56Z'

/** A moment, as ISO 8601 in UTC with milliseconds. */
export const requiredInstant = moment(readInstant)
export const instant = optional(moment(readInstant))
export const expiry = optional(moment(readExpiry))

/**
 * What is known of a person. Unusable content is left out rather than refused, for a stamp must not be lost to a mistyped
 * email address; `parseEvent` notes what was left out. A wrong type is still refused.
 */
export const personal = (read: (text: string) => string | null) =>
  z
    .union([z.string().max(TITLE_MAX), z.int()], { error: `must be a text of at most ${TITLE_MAX} characters` })
    .nullish()
    .transform((value) => (value === null || value === undefined ? undefined : (read(String(value)) ?? undefined)))
