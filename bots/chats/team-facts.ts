import type { Database } from '../../src/db/database.js'
import { randomId } from '../../src/ids.js'
import type { CustomerFacts } from '../conversation/customer-facts.js'
import type { TeamFacts } from '../conversation/facts.js'
import type { QuestionFacts } from '../conversation/staff/staff-facts.js'
import type { ChatRow, ChatStore } from './chat-store.js'
import type { QuestionRow, TeamStore } from './team-store.js'

interface TeamSources {
  readonly db: Database
  readonly chats: ChatStore
  readonly team: TeamStore
  readonly business: { readonly id: string }
}

/** What was looked up for a message to the team before the batch. */
export interface TeamPreparation {
  /** Who writes; null for a chat that has never been here. */
  readonly chatId: string | null
  readonly staffChats: readonly string[]
  /** Of the message that the turn may send. */
  readonly questionId: string
}

/** What was looked up for a reply of the team before the batch. */
export interface QuestionPreparation {
  readonly id: string
  readonly chatId: string
  /** Who asked; null for a guest. */
  readonly customerId: string | null
  readonly staffChats: readonly string[]
}

/** A few questions in a row are one conversation; more would drown a team. */
const MOST_QUESTIONS = 5
export const ASKED_WITHIN_MS = 10 * 60_000

export const prepareTeam = async (
  { db, chats, business }: TeamSources,
  chatId: string | null,
): Promise<TeamPreparation> => ({
  chatId,
  staffChats: (await db.read(chats.staffOf({ businessId: business.id }))).map(({ id }) => id),
  questionId: randomId('q'),
})

/** Null for a question that nobody can reply to any more. */
export const prepareQuestion = async (
  { db, chats, team }: TeamSources,
  id: string,
): Promise<QuestionPreparation | null> => {
  const [question] = await db.read(team.byId({ id }))
  if (!question) return null
  const [staff, [asking]] = await Promise.all([
    db.read(chats.staffOf({ businessId: question.businessId })),
    db.read(chats.byIds({ ids: JSON.stringify([question.chatId]) })),
  ])
  return {
    id,
    chatId: question.chatId,
    customerId: asking?.customerId ?? null,
    staffChats: staff.map(({ id: staffId }) => staffId),
  }
}

/** Pure. Chats that said STOP hear of nothing, so a message there would reach nobody. */
export const teamFacts = (
  { staffChats, questionId }: TeamPreparation,
  others: readonly ChatRow[],
  asked: readonly unknown[],
): TeamFacts => ({
  staffChats: listening(others, staffChats),
  messagesLeft: Math.max(0, MOST_QUESTIONS - asked.length),
  questionId,
})

/** Pure. Null unless the question is there, and `staffChatId` is a chat of the team that was asked. */
export const questionFacts = (
  { chatId, staffChats }: QuestionPreparation,
  rows: { readonly question: readonly QuestionRow[]; readonly others: readonly ChatRow[] },
  staffChatId: string,
  customer: (customerId: string) => CustomerFacts | null,
): QuestionFacts | null => {
  const [question] = rows.question
  const asking = rows.others.find(({ id }) => id === chatId)
  if (!question || !asking || !staffChats.includes(staffChatId)) return null
  return {
    id: question.id,
    chatId,
    asker:
      asking.customerId === null
        ? { role: 'guest' }
        : { role: 'customer', name: customer(asking.customerId)?.name ?? null },
    about: asking.customerId ?? chatId,
    isReachable: asking.unreachable === null,
    isAnswered: question.answeredAt !== null,
    otherStaffChats: listening(rows.others, staffChats).filter((id) => id !== staffChatId),
  }
}

const listening = (rows: readonly ChatRow[], staffChats: readonly string[]): readonly string[] =>
  rows.flatMap(({ id, role, stoppedAt, unreachable }) =>
    role === 'staff' && staffChats.includes(id) && stoppedAt === null && unreachable === null ? id : [],
  )
