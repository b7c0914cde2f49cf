import { and, asc, eq, lte } from 'drizzle-orm'
import { type Bound, type Database, statement, type Values } from '../../src/db/database.js'
import type { Forgetter } from '../../src/erasure/forgetter.js'
import { webTables } from './web-tables.js'

interface Trace {
  readonly address: string
  readonly messageId: string
}

/** What an erased person wrote in the web chat. What the bot said there goes with its deliveries. */
export const createWebForgetter = (db: Database): Forgetter<Trace> => {
  const { webMessages } = db.tables(webTables)
  const own = eq(webMessages.kind, 'own')
  const traces = statement(
    'web messages to forget',
    (q, v: Values<{ addresses: string; until: number; limit: number }>) =>
      q
        .select({ address: webMessages.address, messageId: webMessages.messageId })
        .from(webMessages)
        .where(and(db.kit.oneOf(webMessages.address, v.addresses), own, lte(webMessages.createdAt, v.until)))
        .orderBy(asc(webMessages.address), asc(webMessages.seq))
        .limit(v.limit),
    { mode: 'update' },
  )
  const drop = statement('drop own web messages', (q, v: Values<{ address: string; messageIds: string }>) =>
    q
      .delete(webMessages)
      .where(and(eq(webMessages.address, v.address), own, db.kit.oneOf(webMessages.messageId, v.messageIds))),
  )
  return {
    name: 'web messages',
    traces: ({ chats, erasedAt }, limit) => {
      const addresses = chats.flatMap(({ messenger, address }) => (messenger === 'web' ? address : []))
      return traces({ addresses: JSON.stringify(addresses), until: erasedAt, limit })
    },
    forget: (rows) =>
      [...new Set(rows.map(({ address }) => address))].map((address) => {
        const messageIds = rows.flatMap((row) => (row.address === address ? row.messageId : []))
        return drop({ address, messageIds: JSON.stringify(messageIds) })
      }),
  }
}

/** Drops what the bot said in the web chat by these deliveries. */
export const createWebCopies = (db: Database): ((deliveryIds: readonly string[]) => readonly Bound<unknown>[]) => {
  const { webMessages } = db.tables(webTables)
  const drop = statement('drop web messages of deliveries', (q, v: Values<{ messageIds: string }>) =>
    q.delete(webMessages).where(db.kit.oneOf(webMessages.messageId, v.messageIds)),
  )
  return (deliveryIds) => [drop({ messageIds: JSON.stringify(deliveryIds) })]
}
