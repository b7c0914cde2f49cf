import { and, asc, eq } from 'drizzle-orm'
import type { Sealing } from '../../src/business/sealing.js'
import { type Database, statement, type Values } from '../../src/db/database.js'
import type { Holding } from '../../src/erasure/holding.js'
import type { UpdateRow } from './chat-store.js'
import { chatTables } from './chat-tables.js'
import { openedIfReadable } from './sealed-updates.js'

/** The person's chats, the links that open them, and what they did there that is not answered yet. */
export const createChatHoldings = (db: Database, sealing: Sealing): readonly Holding[] => {
  const { chats, links, teamQuestions, updates } = db.tables(chatTables)
  type Whose = Values<{ customerId: string }>
  const questions = statement('questions held', (q, v: Values<{ chatIds: string }>) =>
    q
      .select()
      .from(teamQuestions)
      .where(db.kit.oneOf(teamQuestions.chatId, v.chatIds))
      .orderBy(asc(teamQuestions.askedAt), asc(teamQuestions.id)),
  )
  const waiting = statement('updates held', (q, v: Values<{ lanes: string; addresses: string }>) =>
    q
      .select()
      .from(updates)
      .where(
        and(eq(updates.state, 'dead'), db.kit.oneOf(updates.address, v.addresses), db.kit.oneOf(updates.lane, v.lanes)),
      )
      .orderBy(asc(updates.receivedAt), asc(updates.updateId)),
  )
  return [
    {
      name: 'chats',
      rowsOf: statement('chats held', (q, v: Whose) =>
        q.select().from(chats).where(eq(chats.customerId, v.customerId)).orderBy(asc(chats.createdAt), asc(chats.id)),
      ),
    },
    {
      name: 'links',
      // The hash would be of no use to the person, and is what a link is known by.
      rowsOf: statement('links held', (q, v: Whose) =>
        q
          .select({ createdAt: links.createdAt, expiresAt: links.expiresAt, usedAt: links.usedAt })
          .from(links)
          .where(eq(links.customerId, v.customerId))
          .orderBy(asc(links.createdAt)),
      ),
    },
    {
      name: 'questions_to_the_team',
      rowsOf: (person) => questions({ chatIds: JSON.stringify(person.chats.map(({ id }) => id)) }),
    },
    {
      name: 'updates',
      rowsOf: (person) =>
        waiting({
          lanes: JSON.stringify(person.chats.map(({ lane }) => lane)),
          addresses: JSON.stringify(person.chats.map(({ address }) => address)),
        }),
      opened: (row: UpdateRow) => ({ ...row, body: openedIfReadable(sealing, row) }),
    },
  ]
}
