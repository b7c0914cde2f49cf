import { and, asc, eq, gt, isNull, lte } from 'drizzle-orm'
import { type Bound, type Database, demand, insertion, statement, type Values } from '../../src/db/database.js'
import { chatTables } from './chat-tables.js'

/** What a turn does with messages to the team. */
export type QuestionChange =
  | { readonly kind: 'ask'; readonly id: string; readonly chatId: string }
  | { readonly kind: 'answer'; readonly id: string }

export type TeamStore = ReturnType<typeof createTeamStore>
export type QuestionRow = ReturnType<typeof chatTables>['teamQuestions']['$inferSelect']

/** So long a message can be replied to. */
const KEPT_MS = 30 * 24 * 3_600_000

/** SQL over messages to the team: who asked, and whether somebody replied. */
export const createTeamStore = (db: Database) => {
  const { teamQuestions } = db.tables(chatTables)
  const dropOld = statement('drop old questions', (q, v: Values<{ businessId: string; before: number }>) =>
    q
      .delete(teamQuestions)
      .where(and(eq(teamQuestions.businessId, v.businessId), lte(teamQuestions.askedAt, v.before))),
  )
  const add = insertion('add question', teamQuestions)
  const answer = statement('answer question', (q, v: Values<{ id: string; now: number }>) =>
    q
      .update(teamQuestions)
      .set({ answeredAt: v.now })
      .where(and(eq(teamQuestions.id, v.id), isNull(teamQuestions.answeredAt))),
  )
  return {
    /** Locked, so that only one reply is the first. */
    byId: statement(
      'question by id',
      (q, v: Values<{ id: string }>) => q.select().from(teamQuestions).where(eq(teamQuestions.id, v.id)),
      { mode: 'update' },
    ),
    /** What a chat has asked since then. */
    askedBy: statement('questions of chat', (q, v: Values<{ chatId: string; since: number }>) =>
      q
        .select({ id: teamQuestions.id, askedAt: teamQuestions.askedAt })
        .from(teamQuestions)
        .where(and(eq(teamQuestions.chatId, v.chatId), gt(teamQuestions.askedAt, v.since)))
        .orderBy(asc(teamQuestions.askedAt), asc(teamQuestions.id)),
    ),
    change: (change: QuestionChange, businessId: string, now: number): readonly Bound<unknown>[] => {
      switch (change.kind) {
        case 'ask':
          return [
            dropOld({ businessId, before: now - KEPT_MS }),
            demand(1, add({ id: change.id, businessId, chatId: change.chatId, askedAt: now, answeredAt: null })),
          ]
        case 'answer':
          return [answer({ id: change.id, now })]
      }
    },
  }
}
