import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { type Bound, type Database, demand, insertion, statement, type Values } from '../../src/db/database.js'
import { chatTables } from './chat-tables.js'

/** What a turn changes of how staff name vouchers; the chat is the one of the turn. */
export type CounterChange =
  | { readonly kind: 'wrong_lookup' }
  | { readonly kind: 'show'; readonly tokenHash: string; readonly code: string; readonly voucherId: string }
  | { readonly kind: 'take'; readonly tokenHash: string }

export type CounterStore = ReturnType<typeof createCounterStore>

/** More wrong numbers than a cashier mistypes in a quarter of an hour; far fewer than it takes to find anything. */
const LOOKUPS = 20
const LOOKUPS_WITHIN_MS = 15 * 60_000

const SHOWN_MS = 2 * 60_000
/** So long a code that is over is known as such. */
const REMEMBERED_MS = 24 * 3_600_000

interface Guesses {
  readonly guesses: number
  readonly since: number
}

/** SQL over what customers show to staff, and what staff typed in vain. */
export const createCounterStore = (db: Database) => {
  const { showings, wrongLookups } = db.tables(chatTables)
  const countLookup = statement('count wrong lookup', (q, v: Values<{ chatId: string; now: number; before: number }>) =>
    q
      .insert(wrongLookups)
      .values({ chatId: v.chatId, guesses: 1, since: v.now })
      .onConflictDoUpdate({
        target: wrongLookups.chatId,
        set: {
          guesses: sql`case when ${wrongLookups.since} <= ${v.before} then 1 else ${wrongLookups.guesses} + 1 end`,
          since: sql`case when ${wrongLookups.since} <= ${v.before} then excluded.since else ${wrongLookups.since} end`,
        },
      }),
  )
  const addShowing = insertion('add showing', showings, { ignoreExisting: true })
  const endShowings = statement('end showings of voucher', (q, v: Values<{ voucherId: string; now: number }>) =>
    q
      .update(showings)
      .set({ expiresAt: v.now })
      .where(and(eq(showings.voucherId, v.voucherId), gt(showings.expiresAt, v.now))),
  )
  const dropOldShowings = statement('drop old showings', (q, v: Values<{ before: number }>) =>
    q.delete(showings).where(lt(showings.expiresAt, v.before)),
  )
  const takeShowing = statement('take showing', (q, v: Values<{ tokenHash: string; chatId: string }>) =>
    q
      .update(showings)
      .set({ takenBy: v.chatId })
      .where(and(eq(showings.tokenHash, v.tokenHash), or(isNull(showings.takenBy), eq(showings.takenBy, v.chatId)))),
  )
  return {
    showingByCode: statement('showing by code', (q, v: Values<{ businessId: string; code: string }>) =>
      q
        .select({ tokenHash: showings.tokenHash, voucherId: showings.voucherId })
        .from(showings)
        .where(and(eq(showings.businessId, v.businessId), eq(showings.code, v.code))),
    ),
    showingByToken: statement(
      'showing by token',
      (q, v: Values<{ businessId: string; tokenHash: string }>) =>
        q
          .select({
            tokenHash: showings.tokenHash,
            voucherId: showings.voucherId,
            expiresAt: showings.expiresAt,
            takenBy: showings.takenBy,
          })
          .from(showings)
          .where(and(eq(showings.businessId, v.businessId), eq(showings.tokenHash, v.tokenHash))),
      { mode: 'update' },
    ),
    wrongLookups: statement('wrong lookups of chat', (q, v: Values<{ chatId: string }>) =>
      q
        .select({ guesses: wrongLookups.guesses, since: wrongLookups.since })
        .from(wrongLookups)
        .where(eq(wrongLookups.chatId, v.chatId)),
    ),
    /** The writes of a change. A code or link that somebody else used first fails the whole turn, which is then repeated. */
    change: (
      change: CounterChange,
      { businessId, chatId }: { readonly businessId: string; readonly chatId: string },
      now: number,
    ): readonly Bound<unknown>[] => {
      switch (change.kind) {
        case 'show': {
          const { tokenHash, code, voucherId } = change
          return [
            dropOldShowings({ before: now - REMEMBERED_MS }),
            endShowings({ voucherId, now }),
            demand(1, addShowing({ tokenHash, businessId, code, voucherId, expiresAt: now + SHOWN_MS })),
          ]
        }
        case 'take':
          return [demand(1, takeShowing({ tokenHash: change.tokenHash, chatId }))]
        case 'wrong_lookup':
          return [countLookup({ chatId, now, before: now - LOOKUPS_WITHIN_MS })]
      }
    },
  }
}

/** How many wrong numbers and codes a staff chat may still type in this quarter of an hour. */
export const lookupsLeft = (row: Guesses | undefined, now: number): number =>
  row === undefined || row.since <= now - LOOKUPS_WITHIN_MS ? LOOKUPS : Math.max(0, LOOKUPS - row.guesses)
