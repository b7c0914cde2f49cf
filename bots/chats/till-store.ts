import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import { type Bound, type Database, demand, insertion, statement, type Values } from '../../src/db/database.js'
import { chatTables } from './chat-tables.js'

/** What a turn does with the codes that guests show at the till. */
export type TillChange =
  | { readonly kind: 'open'; readonly code: string; readonly chatId: string }
  | { readonly kind: 'use'; readonly code: string }
  | { readonly kind: 'guess' }

export type TillStore = ReturnType<typeof createTillStore>

const CODE_MS = 3 * 60_000
/** More wrong codes than a busy team mistypes in an hour; far fewer than it takes to hit one of a few among 10,000. */
const GUESSES_AN_HOUR = 30
const HOUR_MS = 3_600_000

/** SQL over the codes that guests show at the till, and how often a business's staff typed wrong ones. */
export const createTillStore = (db: Database) => {
  const { chats, tillCodes, tillGuesses } = db.tables(chatTables)
  const dropOld = statement('drop old till codes', (q, v: Values<{ businessId: string; now: number }>) =>
    q.delete(tillCodes).where(and(eq(tillCodes.businessId, v.businessId), lte(tillCodes.expiresAt, v.now))),
  )
  const dropOf = statement('drop till codes of chat', (q, v: Values<{ businessId: string; chatId: string }>) =>
    q.delete(tillCodes).where(and(eq(tillCodes.businessId, v.businessId), eq(tillCodes.chatId, v.chatId))),
  )
  const add = insertion('add till code', tillCodes, { ignoreExisting: true })
  const use = statement('use till code', (q, v: Values<{ businessId: string; code: string }>) =>
    q.delete(tillCodes).where(and(eq(tillCodes.businessId, v.businessId), eq(tillCodes.code, v.code))),
  )
  const countGuess = statement(
    'count till guess',
    (q, v: Values<{ businessId: string; now: number; hourAgo: number }>) =>
      q
        .insert(tillGuesses)
        .values({ businessId: v.businessId, guesses: 1, since: v.now })
        .onConflictDoUpdate({
          target: tillGuesses.businessId,
          set: {
            guesses: sql`case when ${tillGuesses.since} <= ${v.hourAgo} then 1 else ${tillGuesses.guesses} + 1 end`,
            since: sql`case when ${tillGuesses.since} <= ${v.hourAgo} then excluded.since else ${tillGuesses.since} end`,
          },
        }),
  )
  return {
    openCodes: statement('open till codes', (q, v: Values<{ businessId: string; now: number }>) =>
      q
        .select({ code: tillCodes.code, chatId: tillCodes.chatId, lane: chats.lane })
        .from(tillCodes)
        .leftJoin(chats, eq(chats.id, tillCodes.chatId))
        .where(and(eq(tillCodes.businessId, v.businessId), gt(tillCodes.expiresAt, v.now)))
        .orderBy(asc(tillCodes.code)),
    ),
    byCode: statement(
      'till code',
      (q, v: Values<{ businessId: string; code: string }>) =>
        q
          .select({ chatId: tillCodes.chatId, expiresAt: tillCodes.expiresAt })
          .from(tillCodes)
          .where(and(eq(tillCodes.businessId, v.businessId), eq(tillCodes.code, v.code))),
      { mode: 'update' },
    ),
    /** Locked: chats that guess at the same time would else all be let through by the same count. */
    guesses: statement(
      'till guesses',
      (q, v: Values<{ businessId: string }>) =>
        q
          .select({ guesses: tillGuesses.guesses, since: tillGuesses.since })
          .from(tillGuesses)
          .where(eq(tillGuesses.businessId, v.businessId)),
      { mode: 'update' },
    ),
    /** The writes of a change. A code that somebody else opened or used first fails the whole turn, which is then repeated. */
    change: (change: TillChange, businessId: string, now: number): readonly Bound<unknown>[] => {
      switch (change.kind) {
        case 'open': {
          const { code, chatId } = change
          return [
            dropOld({ businessId, now }),
            dropOf({ businessId, chatId }),
            demand(1, add({ businessId, code, chatId, expiresAt: now + CODE_MS })),
          ]
        }
        case 'use':
          return [demand(1, use({ businessId, code: change.code }))]
        case 'guess':
          return [countGuess({ businessId, now, hourAgo: now - HOUR_MS })]
      }
    },
  }
}

/** How many wrong codes a business's staff may still type in this hour. */
export const tillGuessesLeft = (row: { guesses: number; since: number } | undefined, now: number): number =>
  row === undefined || row.since <= now - HOUR_MS ? GUESSES_AN_HOUR : Math.max(0, GUESSES_AN_HOUR - row.guesses)
