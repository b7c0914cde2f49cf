import type { Kit } from '../../src/db/kit.js'

/** `own` is what the visitor wrote; the others are the bot's. */
export type WebMessageKind = 'message' | 'edit' | 'own'

export const webTables = (k: Kit) => {
  /** A visitor of the web chat: the page keeps a bearer token, we its hash. */
  const webVisitors = k.table(
    'web_visitors',
    {
      tokenHash: k.text('token_hash').primaryKey(),
      businessId: k.text('business_id').notNull(),
      address: k.text('address').notNull(),
      /**
       * The number of the visitor's newest message. Numbers are taken under this row's lock, so a visitor's messages become
       * visible in their order and a stream that has shown number n never misses a smaller one.
       */
      lastSeq: k.int('last_seq').notNull(),
      createdAt: k.int('created_at').notNull(),
      lastSeenAt: k.int('last_seen_at').notNull(),
    },
    (t) => [k.uniqueIndex('web_visitors_address').on(t.address)],
  )
  /** What a visitor's page shows, in the order of `seq`. Its commit is `sent`, the page's acknowledgement `delivered`. */
  const webMessages = k.table(
    'web_messages',
    {
      address: k.text('address').notNull(),
      /** Counts from 1 for each visitor. */
      seq: k.int('seq').notNull(),
      kind: k.text('kind').$type<WebMessageKind>().notNull(),
      /** The delivery's id of a message or edit, the page's own id of what the visitor wrote. */
      messageId: k.text('message_id').notNull(),
      /** Of an edit: the message it replaces. */
      editsMessageId: k.text('edits_message_id'),
      body: k.json('body').notNull(),
      createdAt: k.int('created_at').notNull(),
      deliveredAt: k.int('delivered_at'),
    },
    (t) => [
      k.primaryKey({ columns: [t.address, t.seq] }),
      k.uniqueIndex('web_messages_once').on(t.messageId, t.address, t.kind),
    ],
  )
  return { webVisitors, webMessages }
}
