import { and, eq, sql } from 'drizzle-orm'
import { type Bound, type Database, insertion, statement, type Values } from '../db/database.js'
import type { GateCheck } from '../deliveries/gate.js'
import { PASS } from '../deliveries/gate.js'
import { type Channel, type ConsentClass, type ConsentState, consentTables } from './consent-tables.js'

export type ConsentStore = ReturnType<typeof createConsentStore>

/** A change of somebody's consent with its proof. */
export interface ConsentChange {
  readonly customerId: string
  readonly channel: Channel
  readonly class: ConsentClass
  readonly state: ConsentState
  readonly source: string
  readonly textVersion?: string
  readonly language?: string
}

export const createConsentStore = (db: Database) => {
  const { consents, consentLog } = db.tables(consentTables)
  const log = insertion('log consent', consentLog)
  const set = statement(
    'set consent',
    (
      q,
      v: Values<{ customerId: string; channel: Channel; class: ConsentClass; state: ConsentState; changedAt: number }>,
    ) =>
      q
        .insert(consents)
        .values({
          customerId: v.customerId,
          channel: v.channel,
          class: v.class,
          state: v.state,
          changedAt: v.changedAt,
        })
        .onConflictDoUpdate({
          target: [consents.customerId, consents.channel, consents.class],
          set: { state: sql`excluded.state`, changedAt: sql`excluded.changed_at` },
        }),
  )
  const ofCustomers = statement(
    'consents of customers',
    (q, v: Values<{ customerIds: string }>) =>
      q
        .select({
          customerId: consents.customerId,
          channel: consents.channel,
          class: consents.class,
          state: consents.state,
        })
        .from(consents)
        .where(db.kit.oneOf(consents.customerId, v.customerIds))
        .orderBy(consents.customerId, consents.channel, consents.class),
    { mode: 'share' },
  )
  return {
    /** What holds now for each of the customers (a JSON array of ids). */
    ofCustomers,
    ofCustomer: statement('consents of customer', (q, v: Values<{ customerId: string }>) =>
      q
        .select()
        .from(consents)
        .where(and(eq(consents.customerId, v.customerId))),
    ),
    /** The writes of a change: what holds now, and the proof. */
    change: (change: ConsentChange, now: number): Bound<unknown>[] => [
      set({
        customerId: change.customerId,
        channel: change.channel,
        class: change.class,
        state: change.state,
        changedAt: now,
      }),
      log({ ...change, at: now }),
    ],
    /** Nothing enters `sending` for somebody after their STOP, and no marketing without a yes. */
    gateCheck: {
      name: 'consent',
      read: (batch) => ofCustomers({ customerIds: JSON.stringify(batch.map((delivery) => delivery.recipientId)) }),
      judge: (rows) => {
        const consentsOf = new Map<string, typeof rows>()
        for (const row of rows) {
          const known = consentsOf.get(row.customerId)
          if (known) known.push(row)
          else consentsOf.set(row.customerId, [row])
        }
        return ({ recipientKind, recipientId, channel, class: consentClass }) => {
          if (recipientKind !== 'customer') return PASS
          const consents = consentsOf.get(recipientId) ?? []
          const stateOf = (of: ConsentClass) =>
            consents.find((row) => row.class === of && row.channel === channel)?.state
          if (stateOf('service') === 'refused') return { kind: 'skip', reason: 'stopped' }
          const agreed = consentClass === 'service' || stateOf('marketing') === 'granted'
          return agreed ? PASS : { kind: 'skip', reason: 'no_consent' }
        }
      },
    } satisfies GateCheck<{ customerId: string; channel: Channel; class: ConsentClass; state: ConsentState }[]>,
  }
}
