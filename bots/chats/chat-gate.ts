import { asc, or, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../src/db/database.js'
import type { Claimed } from '../../src/deliveries/delivery.js'
import { type GateCheck, PASS, type Verdict } from '../../src/deliveries/gate.js'
import { chatTables } from './chat-tables.js'

interface GateChat {
  readonly id: string
  readonly lane: string
  readonly customerId: string | null
  readonly stoppedAt: number | null
  readonly unreachable: string | null
  readonly leftTeamAt: number | null
}

/**
 * Nothing enters `sending` to a chat that is unlinked, blocked or stopped. A customer who meanwhile linked another chat
 * instead is written to there; a block moves nobody to another messenger.
 */
export const createChatGate = (db: Database): GateCheck<GateChat[]> => {
  const { chats } = db.tables(chatTables)
  const forGate = statement(
    'chats for gate',
    (q, v: Values<{ chatIds: string; customerIds: string }>) =>
      q
        .select({
          id: chats.id,
          lane: chats.lane,
          customerId: chats.customerId,
          stoppedAt: chats.stoppedAt,
          unreachable: chats.unreachable,
          leftTeamAt: chats.leftTeamAt,
        })
        .from(chats)
        .where(or(db.kit.oneOf(chats.id, v.chatIds), db.kit.oneOf(chats.customerId, v.customerIds)))
        .orderBy(sql`${chats.lastSeenAt} desc`, asc(chats.id)),
    { mode: 'share' },
  )
  return {
    name: 'chat',
    read: (batch) =>
      forGate({
        // A customer's own chat is among those of the customer.
        chatIds: JSON.stringify(batch.flatMap(({ recipientKind, chatId }) => (recipientKind === 'chat' ? chatId : []))),
        customerIds: JSON.stringify(
          batch.flatMap(({ recipientKind, recipientId }) => (recipientKind === 'customer' ? recipientId : [])),
        ),
      }),
    judge: (rows) => {
      const byId = new Map(rows.map((chat) => [chat.id, chat]))
      return (delivery) => judgeChat(delivery, byId.get(delivery.chatId), rows)
    },
  }
}

const judgeChat = (delivery: Claimed, chat: GateChat | undefined, known: readonly GateChat[]): Verdict => {
  const isTheirs = delivery.recipientKind === 'chat' || chat?.customerId === delivery.recipientId
  if (chat && isTheirs) {
    if (chat.unreachable !== null) return { kind: 'skip', reason: 'unreachable' }
    // A customer's STOP is a consent; that of a staff chat or a guest is the chat's own. Who asks is answered all the same.
    const isUnasked = delivery.purpose !== 'answer'
    // What was meant for a team does not reach whoever has left it.
    if (isUnasked && delivery.recipientKind === 'chat' && chat.leftTeamAt !== null)
      return { kind: 'skip', reason: 'unlinked' }
    if (isUnasked && delivery.recipientKind === 'chat' && chat.stoppedAt !== null)
      return { kind: 'skip', reason: 'stopped' }
    return PASS
  }
  const other = known.find((each) => each.customerId === delivery.recipientId && each.unreachable === null)
  if (!other || delivery.recipientKind === 'chat' || delivery.editsId !== null)
    return { kind: 'skip', reason: 'unlinked' }
  return { kind: 'move', lane: other.lane, chatId: other.id }
}
