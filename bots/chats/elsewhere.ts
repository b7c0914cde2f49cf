import type { Bound } from '../../src/db/database.js'
import { deliveryId, PRIORITY } from '../../src/deliveries/delivery.js'
import type { Ledger } from '../../src/deliveries/ledger.js'
import type { ConsentStore } from '../../src/notify/consent-store.js'
import type { Elsewhere } from '../conversation/answer.js'
import type { ChatRow, ChatStore } from './chat-store.js'
import { applyEffects } from './turn-effects.js'

export interface ElsewhereNeeds {
  readonly ledger: Ledger
  readonly chats: ChatStore
  readonly consents: ConsentStore
}

/** The turn that does it, and its customer. */
interface Cause {
  readonly source: string
  readonly customerId: string | null
}

interface Place {
  readonly chat: ChatRow
  readonly each: Elsewhere
  readonly cause: Cause
}

export interface ElsewhereWrites {
  readonly writes: readonly Bound<unknown>[]
  /** Lanes that have something to send after the commit. */
  readonly lanes: readonly string[]
}

/** What a turn changes and says in other chats, whose locked rows these are. Pure; a chat that is not among them is left out. */
export const elsewhereWrites = (
  needs: ElsewhereNeeds,
  cause: Cause,
  elsewhere: readonly Elsewhere[],
  rows: readonly ChatRow[],
  now: number,
): ElsewhereWrites => {
  const places = elsewhere.flatMap((each, ordinal) => {
    const chat = rows.find(({ id }) => id === each.chatId)
    return chat ? [{ chat, each, cause: { ...cause, source: `${cause.source}/elsewhere/${ordinal}` } }] : []
  })
  return {
    writes: places.flatMap((place) => writesIn(needs, place, now)),
    lanes: [...new Set(places.map(({ chat }) => chat.lane))],
  }
}

const writesIn = (
  { ledger, chats, consents }: ElsewhereNeeds,
  { chat, each: { effects, replies, isAwaited, about }, cause: { source, customerId } }: Place,
  now: number,
): Bound<unknown>[] => {
  const changes = applyEffects(chat, effects, now)
  const purpose = isAwaited ? 'answer' : 'alert'
  return [
    ...(effects.length > 0 ? [chats.saveTurn({ ...changes.chat })] : []),
    ...changes.consents.flatMap((change) => consents.change(change, now)),
    ...replies.flatMap((content, ordinal) =>
      ledger.plan(
        {
          id: deliveryId(purpose, `${source}/${ordinal}`, chat.id, 'messengers'),
          businessId: chat.businessId,
          purpose,
          source: `${source}/${ordinal}`,
          recipientKind: 'chat',
          recipientId: chat.id,
          class: 'service',
          lane: chat.lane,
          chatId: chat.id,
          priority: PRIORITY.event,
          dueAt: now,
          position: now + ordinal,
          // Where a team hears of a customer, the text is about that customer.
          customerId: about ?? changes.chat.customerId ?? customerId,
          content,
        },
        now,
      ),
    ),
  ]
}
