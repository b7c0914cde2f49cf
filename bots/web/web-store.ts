import { and, asc, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm'
import { type Database, type Decision, demand, insertion, statement, type Values } from '../../src/db/database.js'
import { HIDDEN, type WebMessageRow } from './web-message.js'
import { type WebMessageKind, webTables } from './web-tables.js'

export interface Visitor {
  readonly address: string
  readonly businessId: string
  readonly lastSeq: number
  /** Unix ms */
  readonly lastSeenAt: number
}

/** A row to add to a visitor's chat. `body` is JSON. */
export interface NewWebMessage {
  readonly kind: WebMessageKind
  readonly messageId: string
  /** Of an edit: the message it replaces, or an earlier edit of it. It must be there. */
  readonly editsMessageId?: string
  readonly body: unknown
}

/** `known`: a row of this kind and id is there already, and nothing was written. */
export type Appended = 'added' | 'known' | 'no_visitor' | 'nothing_to_edit'

export type WebStore = ReturnType<typeof createWebStore>

/** Visitors and messages of the web chat. */
export const createWebStore = (db: Database) => {
  const queries = queriesOf(db)
  return {
    addVisitor: (visitor: { tokenHash: string; businessId: string; address: string; now: number }): Promise<void> =>
      db.write(
        queries.addVisitor({
          tokenHash: visitor.tokenHash,
          businessId: visitor.businessId,
          address: visitor.address,
          lastSeq: 0,
          createdAt: visitor.now,
          lastSeenAt: visitor.now,
        }),
      ),

    findVisitor: async (tokenHash: string): Promise<Visitor | null> =>
      (await db.read(queries.visitorByToken({ tokenHash })))[0] ?? null,

    seeVisitor: (address: string, now: number): Promise<void> => db.write(queries.seeVisitor({ address, now })),

    /** Adds one row to a visitor's chat. Adding it again changes nothing, so a write whose fate is unknown may be repeated. */
    append: (address: string, message: NewWebMessage): Promise<Appended> =>
      db.atomically(
        {
          visitor: queries.lockedVisitor({ address }),
          known: queries.messageById({ address, kind: message.kind, messageId: message.messageId }),
          edited:
            message.editsMessageId === undefined
              ? null
              : queries.botMessageById({ address, messageId: message.editsMessageId }),
        },
        ({ visitor: [visitor], known, edited: [edited] }, now): Decision<Appended> => {
          if (!visitor) return { writes: [], result: 'no_visitor' }
          if (known.length > 0) return { writes: [], result: 'known' }
          if (message.editsMessageId !== undefined && !edited) return { writes: [], result: 'nothing_to_edit' }
          const seq = visitor.lastSeq + 1
          const editsMessageId = edited ? (edited.editsMessageId ?? edited.messageId) : null
          return {
            writes: [
              queries.addMessage({ ...message, editsMessageId, address, seq, createdAt: now }),
              demand(1, queries.setLastSeq({ address, seq })),
            ],
            result: 'added',
          }
        },
      ),

    /** Hides what the visitor wrote under this id, in the chat's past as on the open pages. */
    hide: (address: string, messageId: string): Promise<boolean> =>
      db.atomically(
        {
          visitor: queries.lockedVisitor({ address }),
          own: queries.messageById({ address, kind: 'own', messageId }),
          known: queries.messageById({ address, kind: 'edit', messageId }),
        },
        ({ visitor: [visitor], own, known }, now): Decision<boolean> => {
          if (!visitor || own.length === 0 || known.length > 0) return { writes: [], result: false }
          const seq = visitor.lastSeq + 1
          const edit = { kind: 'edit', messageId, editsMessageId: messageId, body: { text: HIDDEN } } as const
          return {
            writes: [
              queries.setOwnBody({ address, messageId, body: { kind: 'text', text: HIDDEN } }),
              // No receipt is due for it: it is no delivery.
              queries.addMessage({ ...edit, address, seq, createdAt: now, deliveredAt: now }),
              demand(1, queries.setLastSeq({ address, seq })),
            ],
            result: true,
          }
        },
      ),

    /** Forgets a visitor with all that was said. */
    forget: (address: string): Promise<void> =>
      db.write(queries.dropMessages({ address }), queries.dropVisitor({ address })),

    /** In order. */
    listMessages: (address: string, afterSeq: number, limit: number): Promise<WebMessageRow[]> =>
      db.read(queries.messagesAfter({ address, afterSeq, limit })),

    /** The number of each visitor's newest message. */
    lastSeqs: (addresses: readonly string[]): Promise<{ address: string; lastSeq: number }[]> =>
      db.read(queries.lastSeqs({ addresses: JSON.stringify(addresses) })),

    /** The bot's messages and edits up to `seq` that no page has acknowledged yet, oldest first. */
    listUndelivered: (address: string, upToSeq: number, limit: number): Promise<{ seq: number; messageId: string }[]> =>
      db.read(queries.undelivered({ address, upToSeq, limit })),

    markDelivered: (address: string, upToSeq: number, now: number): Promise<void> =>
      db.write(queries.markDelivered({ address, upToSeq, now })),
  }
}

const queriesOf = (db: Database) => {
  const { webVisitors, webMessages } = db.tables(webTables)
  const visitor = {
    address: webVisitors.address,
    businessId: webVisitors.businessId,
    lastSeq: webVisitors.lastSeq,
    lastSeenAt: webVisitors.lastSeenAt,
  }
  const fromBot = inArray(webMessages.kind, ['message', 'edit'])
  const isUndelivered = (v: Values<{ address: string; upToSeq: number }>) =>
    and(eq(webMessages.address, v.address), lte(webMessages.seq, v.upToSeq), isNull(webMessages.deliveredAt), fromBot)
  return {
    addVisitor: insertion('web add visitor', webVisitors),
    visitorByToken: statement('web visitor by token', (q, v: Values<{ tokenHash: string }>) =>
      q.select(visitor).from(webVisitors).where(eq(webVisitors.tokenHash, v.tokenHash)),
    ),
    lockedVisitor: statement(
      'web locked visitor',
      (q, v: Values<{ address: string }>) =>
        q.select({ lastSeq: webVisitors.lastSeq }).from(webVisitors).where(eq(webVisitors.address, v.address)),
      { mode: 'update' },
    ),
    seeVisitor: statement('web see visitor', (q, v: Values<{ address: string; now: number }>) =>
      q.update(webVisitors).set({ lastSeenAt: v.now }).where(eq(webVisitors.address, v.address)),
    ),
    setLastSeq: statement('web set last seq', (q, v: Values<{ address: string; seq: number }>) =>
      q.update(webVisitors).set({ lastSeq: v.seq }).where(eq(webVisitors.address, v.address)),
    ),
    lastSeqs: statement('web last seqs', (q, v: Values<{ addresses: string }>) =>
      q
        .select({ address: webVisitors.address, lastSeq: webVisitors.lastSeq })
        .from(webVisitors)
        .where(db.kit.oneOf(webVisitors.address, v.addresses)),
    ),
    dropVisitor: statement('web drop visitor', (q, v: Values<{ address: string }>) =>
      q.delete(webVisitors).where(eq(webVisitors.address, v.address)),
    ),
    dropMessages: statement('web drop messages', (q, v: Values<{ address: string }>) =>
      q.delete(webMessages).where(eq(webMessages.address, v.address)),
    ),
    addMessage: insertion('web add message', webMessages),
    messageById: statement(
      'web message by id',
      (q, v: Values<{ address: string; kind: WebMessageKind; messageId: string }>) =>
        q
          .select({ seq: webMessages.seq })
          .from(webMessages)
          .where(
            and(
              eq(webMessages.address, v.address),
              eq(webMessages.kind, v.kind),
              eq(webMessages.messageId, v.messageId),
            ),
          ),
    ),
    setOwnBody: statement('web set own body', (q, v: Values<{ address: string; messageId: string; body: unknown }>) =>
      q
        .update(webMessages)
        .set({ body: v.body })
        .where(
          and(
            eq(webMessages.address, v.address),
            eq(webMessages.messageId, v.messageId),
            eq(webMessages.kind, sql`'own'`),
          ),
        ),
    ),
    botMessageById: statement('web message of the bot by id', (q, v: Values<{ address: string; messageId: string }>) =>
      q
        .select({ messageId: webMessages.messageId, editsMessageId: webMessages.editsMessageId })
        .from(webMessages)
        .where(and(eq(webMessages.address, v.address), eq(webMessages.messageId, v.messageId), fromBot)),
    ),
    messagesAfter: statement(
      'web messages after',
      (q, v: Values<{ address: string; afterSeq: number; limit: number }>) =>
        q
          .select({
            seq: webMessages.seq,
            kind: webMessages.kind,
            messageId: webMessages.messageId,
            editsMessageId: webMessages.editsMessageId,
            body: webMessages.body,
            createdAt: webMessages.createdAt,
          })
          .from(webMessages)
          .where(and(eq(webMessages.address, v.address), gt(webMessages.seq, v.afterSeq)))
          .orderBy(asc(webMessages.seq))
          .limit(v.limit),
    ),
    undelivered: statement('web undelivered', (q, v: Values<{ address: string; upToSeq: number; limit: number }>) =>
      q
        .select({ seq: webMessages.seq, messageId: webMessages.messageId })
        .from(webMessages)
        .where(isUndelivered(v))
        .orderBy(asc(webMessages.seq))
        .limit(v.limit),
    ),
    markDelivered: statement('web mark delivered', (q, v: Values<{ address: string; upToSeq: number; now: number }>) =>
      q.update(webMessages).set({ deliveredAt: v.now }).where(isUndelivered(v)),
    ),
  }
}
