import type { z } from 'zod'
import { AppError, type FieldError } from './errors.js'

/** More wrong fields than this help nobody; the rest is counted. */
const MAX_FIELDS = 50
const KEY_SHOWN = 100

/**
 * Parses untrusted input with a zod schema. Throws AppError('invalid_input') that names every wrong field by its path
 * (`voucher.redeem_code_formats[1]`) and never repeats a value, since values may be personal data.
 */
export const parseInput = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(input, { error: describeIssue })
  if (parsed.success) return parsed.data
  throw invalidInput(parsed.error.issues.flatMap(fieldsOf))
}

/** A field that is not known is named like one that is wrong. */
const fieldsOf = (issue: z.core.$ZodIssue): readonly FieldError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ field: fieldName([...issue.path, key.slice(0, KEY_SHOWN)]), message: 'is not known' }))
    : [{ field: fieldName(issue.path), message: issue.message }]

/** The refusal that names these fields. */
export const invalidInput = (fields: readonly FieldError[]): AppError => {
  const named = fields.slice(0, MAX_FIELDS)
  const names = [...new Set(named.map(({ field }) => field))].join(', ')
  const rest = fields.length - named.length
  const more = rest > 0 ? ` and ${rest} more` : ''
  return new AppError('invalid_input', `these fields are wrong: ${names}${more}`, { fields: named })
}

/** `['voucher', 'redeem_code_formats', 1]` as `voucher.redeem_code_formats[1]`; the whole input is `body`. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`
    return name ? `${name}.${String(part)}` : String(part)
  }, '') || 'body'

/** Says what to change, in words that go with any field name. A message set on the schema itself comes first. */
const describeIssue = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.input === undefined) return 'is required'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${withArticle(issue.expected)}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return Array.isArray(issue.options) ? `must be one of ${issue.options.map(String).join(', ')}` : undefined
    case 'too_small':
      return `must ${boundOf(issue.origin, 'at least', Number(issue.minimum))}`
    case 'too_big':
      return `must ${boundOf(issue.origin, 'at most', Number(issue.maximum))}`
    default:
      return undefined
  }
}

const withArticle = (type: string): string => {
  if (type === 'int') return 'a whole number'
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

const boundOf = (origin: string, limit: string, bound: number): string => {
  if (origin === 'string') return `have ${limit} ${bound} ${bound === 1 ? 'character' : 'characters'}`
  if (origin === 'array') return `have ${limit} ${bound} ${bound === 1 ? 'item' : 'items'}`
  return `be ${limit} ${bound}`
}
