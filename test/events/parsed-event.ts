import { expect } from 'vitest'
import { AppError } from '../../src/errors.js'
import { parseEvent } from '../../src/events/parse-event.js'
import { type Frame, frame } from './frames.js'

/** After the latest of the documented frames, so that none is ahead of its time. */
export const RECEIVED_AT = Date.parse('2027-03-08T08:00:00Z')

/** The event of a body that must be one. */
export const parse = (json: unknown) => {
  const parsed = parseEvent(json, RECEIVED_AT)
  if (parsed.kind !== 'event') throw new Error(`unrecognised: ${parsed.name}`)
  return parsed
}

/** The fields for which a body is refused, with what is said of each. */
export const wrongFields = (json: unknown): Record<string, string> => {
  try {
    parseEvent(json, RECEIVED_AT)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.code).toBe('invalid_input')
    return Object.fromEntries(error.fields.map(({ field, message }) => [field, message]))
  }
  throw new Error('was accepted')
}

/** The published sample with another voucher. */
export const voucherFrame = (voucher: object): Frame => {
  const published = frame('voucher_redeemed')
  return { ...published, voucher: { ...(published.voucher as object), ...voucher } }
}
