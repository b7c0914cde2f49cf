import { type Cause, type OwnEvent, ownEvent } from '../own-event.js'
import { ownEventId } from '../own-ids.js'

/** Their ids follow from the customer and the local day, so that none is written twice, whoever looks and however often. */

export const birthdayIdOf = (customerId: string, day: string): string => ownEventId('birthday_reached', customerId, day)

export const birthdayReached = (cause: Cause, day: string): OwnEvent =>
  ownEvent(cause, birthdayIdOf(cause.customer.id, day), 'birthday_reached', {})

/** One for each time that somebody stays away: `lastSeenDay` is the day of the last visit. */
export const inactivityIdOf = (customerId: string, lastSeenDay: string): string =>
  ownEventId('inactivity_trigger', customerId, lastSeenDay)

export const inactivityTrigger = (
  cause: Cause,
  away: { readonly cardId: string; readonly lastSeenDay: string; readonly lastSeenAt: number; readonly days: number },
): OwnEvent =>
  ownEvent(cause, inactivityIdOf(cause.customer.id, away.lastSeenDay), 'inactivity_trigger', {
    card: { id: away.cardId },
    inactivity: { days: away.days, last_stamp_at: new Date(away.lastSeenAt).toISOString() },
  })
