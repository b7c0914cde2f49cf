/** How often a staff chat hears of an event: each time, gathered once an hour or at nine in the morning, or never. */
export type AlertPace = 'instant' | 'hourly' | 'daily' | 'off'

/** The events that alert the staff and can be routed. */
export type AlertEvent = 'goal_reached'

/** A rule of a business. Null is every location, or every staff chat. */
export interface AlertRoute {
  readonly event: AlertEvent
  readonly locationId: string | null
  readonly chatId: string | null
  readonly pace: AlertPace
}

/** The pace of the most specific route: a chat's own rule comes before a location's. Instant where there is none. */
export const paceOf = (
  routes: readonly AlertRoute[],
  event: AlertEvent,
  at: { readonly locationId: string | null; readonly chatId: string },
): AlertPace => {
  const fitting = routes.filter(
    (route) =>
      route.event === event &&
      (route.locationId === null || route.locationId === at.locationId) &&
      (route.chatId === null || route.chatId === at.chatId),
  )
  const [closest] = fitting.sort((a, b) => closenessOf(b) - closenessOf(a))
  return closest?.pace ?? 'instant'
}

const closenessOf = ({ chatId, locationId }: AlertRoute): number =>
  (chatId === null ? 0 : 2) + (locationId === null ? 0 : 1)
