import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../src/db/database.js'
import type { Forgetter } from '../../src/erasure/forgetter.js'
import { chatTables } from './chat-tables.js'

/** What the chats forget of an erased person at once. */
export const createChatForgetters = (db: Database): readonly Forgetter[] => [
  unlinkChats(db),
  forgetLinks(db),
  forgetQuestions(db),
  forgetUpdates(db),
]

const idsOf = (rows: readonly { readonly id: string }[]): string => JSON.stringify(rows.map(({ id }) => id))

/** Every chat of the person is a guest's again, on all messengers; a staff chat that was theirs forgets that it was. */
const unlinkChats = (db: Database): Forgetter<{ id: string }> => {
  const { chats } = db.tables(chatTables)
  const traces = statement(
    'chats to unlink',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ id: chats.id })
        .from(chats)
        .where(or(eq(chats.customerId, v.customerId), eq(chats.formerCustomerId, v.customerId)))
        .orderBy(asc(chats.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const unlink = statement('unlink chats', (q, v: Values<{ ids: string }>) =>
    q
      .update(chats)
      .set({
        customerId: null,
        formerCustomerId: null,
        linkedAt: sql`case when ${chats.role} = 'staff' then ${chats.linkedAt} end`,
        role: sql`case when ${chats.role} = 'staff' then ${chats.role} else 'guest' end`,
      })
      .where(db.kit.oneOf(chats.id, v.ids)),
  )
  return {
    name: 'linked chats',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [unlink({ ids: idsOf(rows) })]),
  }
}

const forgetLinks = (db: Database): Forgetter<{ id: string }> => {
  const { links } = db.tables(chatTables)
  const traces = statement(
    'links to forget',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ id: links.tokenHash })
        .from(links)
        .where(eq(links.customerId, v.customerId))
        .orderBy(asc(links.tokenHash))
        .limit(v.limit),
    { mode: 'update' },
  )
  const drop = statement('drop links', (q, v: Values<{ ids: string }>) =>
    q.delete(links).where(db.kit.oneOf(links.tokenHash, v.ids)),
  )
  return {
    name: 'links',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [drop({ ids: idsOf(rows) })]),
  }
}

/** Nobody of the team can reply any more, whoever reads the chat next. */
const forgetQuestions = (db: Database): Forgetter<{ id: string }> => {
  const { teamQuestions } = db.tables(chatTables)
  const traces = statement(
    'questions to forget',
    (q, v: Values<{ chatIds: string; limit: number }>) =>
      q
        .select({ id: teamQuestions.id })
        .from(teamQuestions)
        .where(db.kit.oneOf(teamQuestions.chatId, v.chatIds))
        .orderBy(asc(teamQuestions.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const drop = statement('drop questions', (q, v: Values<{ ids: string }>) =>
    q.delete(teamQuestions).where(db.kit.oneOf(teamQuestions.id, v.ids)),
  )
  return {
    name: 'questions to the team',
    traces: ({ chats }, limit) => traces({ chatIds: idsOf(chats), limit }),
    forget: (rows) => (rows.length === 0 ? [] : [drop({ ids: idsOf(rows) })]),
  }
}

/** Updates that could not be answered keep what the person did; the answered ones have forgotten it. */
const forgetUpdates = (db: Database): Forgetter<{ lane: string; updateId: string }> => {
  const { updates } = db.tables(chatTables)
  const traces = statement(
    'updates to forget',
    (q, v: Values<{ lanes: string; addresses: string; limit: number }>) =>
      q
        .select({ lane: updates.lane, updateId: updates.updateId })
        .from(updates)
        .where(
          and(
            eq(updates.state, sql`'dead'`),
            db.kit.oneOf(updates.address, v.addresses),
            db.kit.oneOf(updates.lane, v.lanes),
          ),
        )
        .orderBy(asc(updates.lane), asc(updates.updateId))
        .limit(v.limit),
    { mode: 'update' },
  )
  const forget = statement('forget update', (q, v: Values<{ lane: string; updateId: string }>) =>
    q
      .update(updates)
      .set({ address: '', body: null, error: null })
      .where(and(eq(updates.lane, v.lane), eq(updates.updateId, v.updateId))),
  )
  return {
    name: 'updates',
    traces: ({ chats }, limit) =>
      traces({
        lanes: JSON.stringify(chats.map(({ lane }) => lane)),
        addresses: JSON.stringify(chats.map(({ address }) => address)),
        limit,
      }),
    forget: (rows) => rows.map(({ lane, updateId }) => forget({ lane, updateId })),
  }
}

/** The addresses go last, since the chat that asked is answered there; one that has spoken since is a guest's chat like any. */
export const createAddressForgetter = (db: Database): Forgetter<{ id: string }> => {
  const { chats } = db.tables(chatTables)
  const traces = statement(
    'chats to forget',
    (q, v: Values<{ ids: string; silentSince: number; limit: number }>) =>
      q
        .select({ id: chats.id })
        .from(chats)
        .where(
          and(
            db.kit.oneOf(chats.id, v.ids),
            eq(chats.role, 'guest'),
            isNull(chats.customerId),
            lte(chats.lastSeenAt, v.silentSince),
          ),
        )
        .orderBy(asc(chats.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const drop = statement('drop chats', (q, v: Values<{ ids: string }>) =>
    q.delete(chats).where(db.kit.oneOf(chats.id, v.ids)),
  )
  return {
    name: 'chat addresses',
    traces: ({ chats: places, erasedAt }, limit) => traces({ ids: idsOf(places), silentSince: erasedAt, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [drop({ ids: idsOf(rows) })]),
  }
}
