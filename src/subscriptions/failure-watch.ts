import type { Bound, Database, Decision } from '../db/database.js'
import type { Ledger } from '../deliveries/ledger.js'
import { webhookAlert } from '../notify/webhook-alert.js'
import { isFailingForDays } from './subscription.js'
import type { SubscriptionStore } from './subscription-store.js'

export interface FailureWatchNeeds {
  readonly db: Database
  readonly store: SubscriptionStore
  readonly ledger: Ledger
  readonly businessById: (values: {
    id: string
  }) => Bound<readonly { readonly id: string; readonly name: string; readonly timeZone: string }[]>
  readonly staffChatsOf: (values: {
    businessId: string
  }) => Bound<readonly { readonly id: string; readonly lane: string }[]>
  wakeLane(id: string): void
}

/**
 * Disables subscriptions that did nothing but fail for five days, and tells the staff of them and of those whose receiver
 * said that it is gone: once each. Resolves with how many.
 */
export const createFailureWatch = (needs: FailureWatchNeeds) => {
  const { db, store } = needs
  return async (): Promise<number> => {
    const found = await db.read(store.toTell({}))
    for (const { id, businessId } of found) for (const lane of await tellOf(needs, id, businessId)) needs.wakeLane(lane)
    return found.length
  }
}

/** Resolves with the lanes of the chats that are told. */
const tellOf = (
  { db, store, ledger, businessById, staffChatsOf }: FailureWatchNeeds,
  id: string,
  businessId: string,
): Promise<readonly string[]> =>
  db.atomically(
    {
      row: store.locked({ id }),
      business: businessById({ id: businessId }),
      staffChats: staffChatsOf({ businessId }),
    },
    ({ row: [row], business: [business], staffChats }, now): Decision<readonly string[]> => {
      const nothing = { writes: [], result: [] }
      if (!row || !business) return nothing
      const told = { id, business, host: new URL(row.url).host }
      const tell = (change: Bound<unknown>, webhook: Parameters<typeof webhookAlert>[0]) => ({
        writes: [change, ...webhookAlert(webhook, staffChats).flatMap((alert) => ledger.plan(alert, now))],
        result: staffChats.map(({ lane }) => lane),
      })
      const { disabledReason, disabledAt, isAlerted, failingSince, lastFailedAt } = row
      if (disabledReason === 'gone' && !isAlerted)
        return tell(store.noteAlerted({ id }), { ...told, cause: { kind: 'gone' }, disabledAt: disabledAt ?? now })
      if (disabledReason !== null || failingSince === null || !isFailingForDays(failingSince, lastFailedAt))
        return nothing
      const cause = { kind: 'failing', since: failingSince } as const
      return tell(store.disable({ id, reason: 'failing', now, isAlerted: true }), { ...told, cause, disabledAt: now })
    },
  )
