import { DateTime } from 'luxon'
import { assertNever } from '../../errors.js'
import type { Validity } from './voucher-offer.js'

/**
 * The last moment (Unix ms) of a voucher issued at `issuedAt`, or null for one without end: the end of its last day as the
 * business's clocks show it, however many hours the days between have. A month later is the same day of that month, or its
 * last one.
 */
export const lastMomentOf = (validity: Validity, issuedAt: number, timeZone: string): number | null => {
  const lastDay = lastDayOf(validity, DateTime.fromMillis(issuedAt, { zone: timeZone }))
  return lastDay?.endOf('day').toMillis() ?? null
}

const lastDayOf = (validity: Validity, issued: DateTime): DateTime | null => {
  switch (validity.kind) {
    case 'unlimited':
      return null
    case 'days':
      return issued.plus({ days: validity.days })
    case 'months':
      return issued.plus({ months: validity.months })
    case 'until':
      return DateTime.fromISO(validity.lastDay, { zone: issued.zone })
    default:
      return assertNever(validity)
  }
}
