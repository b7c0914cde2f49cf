import { sql } from 'drizzle-orm'
import type { Kit } from '../../src/db/kit.js'
import type { MessengerName } from '../messenger.js'

export type ChatRole = 'guest' | 'customer' | 'staff'

export const chatTables = (k: Kit) => {
  /** One conversation of one person or group with one bot. */
  const chats = k.table(
    'chats',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      lane: k.text('lane').notNull(),
      messenger: k.text('messenger').$type<MessengerName>().notNull(),
      address: k.text('address').notNull(),
      isPrivate: k.bool('is_private').notNull(),
      role: k.text('role').$type<ChatRole>().notNull(),
      customerId: k.text('customer_id'),
      /** Of a staff chat: whom it showed before. Nobody redeems their own voucher. */
      formerCustomerId: k.text('former_customer_id'),
      /** When it was linked to this customer, or to the team. */
      linkedAt: k.int('linked_at'),
      /** The location whose shared device it is; null for a chat of one's own. */
      sharedLocationId: k.text('shared_location_id'),
      /** Of a shared device: for whom it is open, and until when. */
      cashierId: k.text('cashier_id'),
      cashierUntil: k.int('cashier_until'),
      /** When it stopped being a staff chat: what was meant for the team does not reach it any more. */
      leftTeamAt: k.int('left_team_at'),
      /** Chosen in the chat. */
      language: k.text('language'),
      languageHint: k.text('language_hint'),
      /** The conversation's own state; its schema is the conversation's. */
      dialogue: k.json('dialogue').notNull(),
      /** The person said STOP here; kept with the chat because it also holds before and after a link. */
      stoppedAt: k.int('stopped_at'),
      /** Why nothing reaches this chat: blocked, deactivated. Null while it does. */
      unreachable: k.text('unreachable'),
      guesses: k.int('guesses').notNull(),
      guessesSince: k.int('guesses_since').notNull(),
      lastSeenAt: k.int('last_seen_at').notNull(),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('chats_address').on(t.lane, t.address),
      k.index('chats_of_customer').on(t.customerId),
      k.index('chats_of_staff').on(t.businessId).where(sql`role = 'staff'`),
      k.index('chats_of_guests').on(t.lastSeenAt).where(sql`role = 'guest'`),
    ],
  )
  /** One-time deep links: only the token's hash is kept. */
  const links = k.table('links', {
    tokenHash: k.text('token_hash').primaryKey(),
    businessId: k.text('business_id').notNull(),
    kind: k.text('kind').$type<'customer' | 'staff'>().notNull(),
    customerId: k.text('customer_id'),
    /** Of a staff link: the location whose shared device the chat becomes. */
    sharedLocationId: k.text('shared_location_id'),
    expiresAt: k.int('expires_at').notNull(),
    usedAt: k.int('used_at'),
    createdAt: k.int('created_at').notNull(),
  })
  /** Codes that guests show at the till now. */
  const tillCodes = k.table(
    'till_codes',
    {
      businessId: k.text('business_id').notNull(),
      code: k.text('code').notNull(),
      chatId: k.text('chat_id').notNull(),
      expiresAt: k.int('expires_at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.businessId, t.code] })],
  )
  /** Wrong codes that a business's staff typed in the hour since. */
  const tillGuesses = k.table('till_guesses', {
    businessId: k.text('business_id').primaryKey(),
    guesses: k.int('guesses').notNull(),
    since: k.int('since').notNull(),
  })
  /** Messages to the team, by which a reply finds back. What they say is in the deliveries alone. */
  const teamQuestions = k.table(
    'team_questions',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      chatId: k.text('chat_id').notNull(),
      askedAt: k.int('asked_at').notNull(),
      /** When the team replied first. */
      answeredAt: k.int('answered_at'),
    },
    (t) => [
      k.index('team_questions_of_chat').on(t.chatId, t.askedAt),
      k.index('team_questions_asked').on(t.businessId, t.askedAt),
    ],
  )
  /** What customers show to staff, or have shown lately: only the link's hash is kept. */
  const showings = k.table(
    'showings',
    {
      tokenHash: k.text('token_hash').primaryKey(),
      businessId: k.text('business_id').notNull(),
      code: k.text('code').notNull(),
      voucherId: k.text('voucher_id').notNull(),
      expiresAt: k.int('expires_at').notNull(),
      /** The staff chat that found the voucher by it. */
      takenBy: k.text('taken_by'),
    },
    (t) => [
      k.uniqueIndex('showings_code').on(t.businessId, t.code),
      k.index('showings_of_voucher').on(t.voucherId),
      k.index('showings_expired').on(t.expiresAt),
    ],
  )
  /** Numbers and codes of vouchers that a staff chat typed in vain since. */
  const wrongLookups = k.table('wrong_lookups', {
    chatId: k.text('chat_id').primaryKey(),
    guesses: k.int('guesses').notNull(),
    since: k.int('since').notNull(),
  })
  /** What messengers delivered to us, stored before it is acknowledged. The body is cleared once it is answered. */
  const updates = k.table(
    'updates',
    {
      lane: k.text('lane').notNull(),
      updateId: k.text('update_id').notNull(),
      seq: k.int('seq').notNull(),
      address: k.text('address').notNull(),
      body: k.json('body'),
      state: k.text('state').$type<'pending' | 'done' | 'dead'>().notNull(),
      attempts: k.int('attempts').notNull(),
      dueAt: k.int('due_at').notNull(),
      error: k.text('error'),
      receivedAt: k.int('received_at').notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.lane, t.updateId] }),
      k.index('updates_pending').on(t.lane, t.seq).where(sql`state = 'pending'`),
      k.index('updates_dead').on(t.address).where(sql`state = 'dead'`),
      k.index('updates_received').on(t.receivedAt),
    ],
  )
  return { chats, links, tillCodes, tillGuesses, showings, wrongLookups, teamQuestions, updates }
}
