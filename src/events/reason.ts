import type { FieldError } from '../errors.js'

const REASON_MAX = 2_000

/** Fields that were refused or left out, for whoever looks at the journal; null if there are none. Names no values. */
export const reasonOf = (fields: readonly FieldError[]): string | null => {
  if (fields.length === 0) return null
  const reasons = fields.map(({ field, message }) => `${field} ${message}`)
  return reasons.join('; ').slice(0, REASON_MAX)
}
