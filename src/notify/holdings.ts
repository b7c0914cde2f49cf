import { asc, eq } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Holding } from '../erasure/holding.js'
import { consentTables } from './consent-tables.js'
import { hearsTables } from './hears-tables.js'

/** What the person agreed to and chose to hear, with the proof. */
export const createConsentHoldings = (db: Database): readonly Holding[] => {
  const { consents, consentLog } = db.tables(consentTables)
  const { customerChoices } = db.tables(hearsTables)
  type Whose = Values<{ customerId: string }>
  return [
    {
      name: 'consents',
      rowsOf: statement('consents held', (q, v: Whose) =>
        q
          .select()
          .from(consents)
          .where(eq(consents.customerId, v.customerId))
          .orderBy(asc(consents.channel), asc(consents.class)),
      ),
    },
    {
      name: 'consent_log',
      rowsOf: statement('consent log held', (q, v: Whose) =>
        q.select().from(consentLog).where(eq(consentLog.customerId, v.customerId)).orderBy(asc(consentLog.seq)),
      ),
    },
    {
      name: 'choices',
      rowsOf: statement('choices held', (q, v: Whose) =>
        q.select().from(customerChoices).where(eq(customerChoices.customerId, v.customerId)),
      ),
    },
  ]
}
