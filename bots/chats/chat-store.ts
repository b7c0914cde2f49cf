import { and, asc, eq, inArray, isNull, lt, lte, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { businessTables } from '../../src/business/business-tables.js'
import { type Database, insertion, statement, type Values } from '../../src/db/database.js'
import { type ChatRole, chatTables } from './chat-tables.js'

export type ChatStore = ReturnType<typeof createChatStore>
export type ChatRow = ReturnType<typeof chatTables>['chats']['$inferSelect']
export type ChatReader = Pick<ChatRow, 'id' | 'address' | 'customerId' | 'language' | 'languageHint'>
export type UpdateRow = ReturnType<typeof chatTables>['updates']['$inferSelect']

/** SQL over chats, one-time links and stored updates. */
export const createChatStore = (db: Database) => {
  const { chats, links, updates } = db.tables(chatTables)
  const { businesses } = db.tables(businessTables)
  const others = alias(chats, 'others')
  return {
    addChat: insertion('add chat', chats, { ignoreExisting: true }),
    byAddress: statement(
      'chat by address',
      (q, v: Values<{ lane: string; address: string }>) =>
        q
          .select()
          .from(chats)
          .where(and(eq(chats.lane, v.lane), eq(chats.address, v.address))),
      { mode: 'update' },
    ),
    /** Where messages go and what language they speak. */
    readers: statement('readers of chats', (q, v: Values<{ ids: string }>) =>
      q
        .select({
          id: chats.id,
          address: chats.address,
          customerId: chats.customerId,
          language: chats.language,
          languageHint: chats.languageHint,
        })
        .from(chats)
        .where(db.kit.oneOf(chats.id, v.ids)),
    ),
    /** A customer's chats, the one they used last first. */
    ofCustomer: statement('chats of customer', (q, v: Values<{ customerId: string }>) =>
      q.select().from(chats).where(eq(chats.customerId, v.customerId)).orderBy(sql`${chats.lastSeenAt} desc`, chats.id),
    ),
    byIds: statement(
      'chats by ids',
      (q, v: Values<{ ids: string }>) =>
        q.select().from(chats).where(db.kit.oneOf(chats.id, v.ids)).orderBy(asc(chats.id)),
      { mode: 'update' },
    ),
    /** Where they are, for whoever must find what was said there. */
    placesOf: statement(
      'places of customer',
      (q, v: Values<{ customerId: string }>) =>
        q
          .select({ id: chats.id, lane: chats.lane, messenger: chats.messenger, address: chats.address })
          .from(chats)
          .where(eq(chats.customerId, v.customerId))
          .orderBy(asc(chats.id)),
      { mode: 'update' },
    ),
    ofCustomers: statement(
      'chats of customers',
      (q, v: Values<{ customerIds: string }>) =>
        q
          .select()
          .from(chats)
          .where(db.kit.oneOf(chats.customerId, v.customerIds))
          .orderBy(sql`${chats.lastSeenAt} desc`, chats.id),
      { mode: 'share' },
    ),
    /** A business's staff chats; a sister's are those of the business whose connections it uses. */
    staffOf: statement('staff chats of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ id: chats.id, lane: chats.lane })
        .from(chats)
        .innerJoin(businesses, eq(chats.businessId, sql`coalesce(${businesses.parentId}, ${businesses.id})`))
        .where(and(eq(businesses.id, v.businessId), eq(chats.role, sql`'staff'`), isNull(chats.unreachable)))
        .orderBy(asc(chats.createdAt), asc(chats.id)),
    ),
    /** The chats of the team, whether they can be reached or not, the oldest first. */
    teamOf: statement('team of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select()
        .from(chats)
        .where(and(eq(chats.businessId, v.businessId), eq(chats.role, sql`'staff'`)))
        .orderBy(asc(chats.createdAt), asc(chats.id)),
    ),
    /** The staff chat that said something last: the one that was just linked, or is in use. */
    latestStaffOf: statement('latest staff chat of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select({
          id: chats.id,
          lane: chats.lane,
          isStopped: sql<number>`case when ${chats.stoppedAt} is null then 0 else 1 end`.mapWith(Boolean),
        })
        .from(chats)
        .where(and(eq(chats.businessId, v.businessId), eq(chats.role, sql`'staff'`), isNull(chats.unreachable)))
        .orderBy(sql`${chats.lastSeenAt} desc`, chats.id)
        .limit(1),
    ),
    /** Stores what the turn changed of a chat. */
    saveTurn: statement(
      'save turn',
      (
        q,
        v: Values<{
          id: string
          role: ChatRole
          customerId: string | null
          formerCustomerId: string | null
          linkedAt: number | null
          sharedLocationId: string | null
          cashierId: string | null
          cashierUntil: number | null
          leftTeamAt: number | null
          language: string | null
          languageHint: string | null
          dialogue: unknown
          stoppedAt: number | null
          unreachable: string | null
          guesses: number
          guessesSince: number
          lastSeenAt: number
        }>,
      ) =>
        q
          .update(chats)
          .set({
            role: v.role,
            customerId: v.customerId,
            formerCustomerId: v.formerCustomerId,
            linkedAt: v.linkedAt,
            sharedLocationId: v.sharedLocationId,
            cashierId: v.cashierId,
            cashierUntil: v.cashierUntil,
            leftTeamAt: v.leftTeamAt,
            language: v.language,
            languageHint: v.languageHint,
            dialogue: v.dialogue,
            stoppedAt: v.stoppedAt,
            unreachable: v.unreachable,
            guesses: v.guesses,
            guessesSince: v.guessesSince,
            lastSeenAt: v.lastSeenAt,
          })
          .where(eq(chats.id, v.id)),
    ),
    markUnreachable: statement('mark chat unreachable', (q, v: Values<{ id: string; reason: string }>) =>
      q.update(chats).set({ unreachable: v.reason }).where(eq(chats.id, v.id)),
    ),
    /** Makes room at an address that turns out to be an older chat's new one: a stranger's chat holds nothing to keep. */
    dropStrangerAt: statement('drop stranger at address', (q, v: Values<{ lane: string; address: string }>) =>
      q
        .delete(chats)
        .where(
          and(
            eq(chats.lane, v.lane),
            eq(chats.address, v.address),
            eq(chats.role, sql`'guest'`),
            isNull(chats.customerId),
          ),
        ),
    ),
    /** Does nothing where another chat that is linked has the address. */
    changeAddress: statement('change chat address', (q, v: Values<{ id: string; address: string }>) =>
      q
        .update(chats)
        .set({ address: v.address })
        .where(
          and(
            eq(chats.id, v.id),
            notExists(
              q
                .select({ one: sql`1` })
                .from(others)
                .where(and(eq(others.lane, chats.lane), eq(others.address, v.address))),
            ),
          ),
        ),
    ),
    /** Guests of whom nothing was heard since `before`. Whoever said STOP is remembered, so that it goes on to hold. */
    idleGuests: statement('idle guests', (q, v: Values<{ before: number; limit: number }>) =>
      q
        .select({ id: chats.id, messenger: chats.messenger, address: chats.address })
        .from(chats)
        .where(and(eq(chats.role, sql`'guest'`), lt(chats.lastSeenAt, v.before), isNull(chats.stoppedAt)))
        .orderBy(asc(chats.lastSeenAt), asc(chats.id))
        .limit(v.limit),
    ),
    dropIdleGuest: statement('drop idle guest', (q, v: Values<{ id: string; before: number }>) =>
      q.delete(chats).where(and(eq(chats.id, v.id), eq(chats.role, sql`'guest'`), lt(chats.lastSeenAt, v.before))),
    ),

    addLink: insertion('add link', links),
    linkByHash: statement(
      'link by hash',
      (q, v: Values<{ tokenHash: string }>) => q.select().from(links).where(eq(links.tokenHash, v.tokenHash)),
      { mode: 'update' },
    ),
    useLink: statement('use link', (q, v: Values<{ tokenHash: string; now: number }>) =>
      q
        .update(links)
        .set({ usedAt: v.now })
        .where(and(eq(links.tokenHash, v.tokenHash), isNull(links.usedAt))),
    ),
    dropOldLinks: statement('drop old links', (q, v: Values<{ before: number }>) =>
      q.delete(links).where(lt(links.expiresAt, v.before)),
    ),

    addUpdate: insertion('add update', updates, { ignoreExisting: true }),
    /** Pending updates of a lane in the order they came; updates of one chat are answered one at a time. */
    pendingUpdates: statement('pending updates', (q, v: Values<{ lane: string; now: number; limit: number }>) =>
      q
        .select()
        .from(updates)
        .where(and(eq(updates.lane, v.lane), eq(updates.state, sql`'pending'`), lte(updates.dueAt, v.now)))
        .orderBy(asc(updates.seq), asc(updates.updateId))
        .limit(v.limit),
    ),
    pendingUpdate: statement(
      'pending update',
      (q, v: Values<{ lane: string; updateId: string }>) =>
        q
          .select({ updateId: updates.updateId, attempts: updates.attempts })
          .from(updates)
          .where(and(eq(updates.lane, v.lane), eq(updates.updateId, v.updateId), eq(updates.state, 'pending'))),
      { mode: 'update' },
    ),
    /** What a person wrote, and where, is not kept once it is answered; the row stays so that the same update is known again. */
    updateDone: statement('update done', (q, v: Values<{ lane: string; updateId: string }>) =>
      q
        .update(updates)
        .set({ state: 'done', body: null, address: '' })
        .where(and(eq(updates.lane, v.lane), eq(updates.updateId, v.updateId))),
    ),
    updateFailed: statement(
      'update failed',
      (
        q,
        v: Values<{
          lane: string
          updateId: string
          state: 'pending' | 'dead'
          attempts: number
          dueAt: number
          error: string
        }>,
      ) =>
        q
          .update(updates)
          .set({ state: v.state, attempts: v.attempts, dueAt: v.dueAt, error: v.error })
          .where(and(eq(updates.lane, v.lane), eq(updates.updateId, v.updateId))),
    ),
    oldUpdates: statement('old updates', (q, v: Values<{ before: number; limit: number }>) =>
      q
        .select({ lane: updates.lane, updateId: updates.updateId })
        .from(updates)
        .where(and(lt(updates.receivedAt, v.before), inArray(updates.state, ['done', 'dead'])))
        .limit(v.limit),
    ),
    dropUpdate: statement('drop update', (q, v: Values<{ lane: string; updateId: string }>) =>
      q.delete(updates).where(and(eq(updates.lane, v.lane), eq(updates.updateId, v.updateId))),
    ),
  }
}
