import type { Sealing } from '../../src/business/sealing.js'
import type { Clock } from '../../src/clock.js'
import { type Decision, demand } from '../../src/db/database.js'
import { deliveryId, PRIORITY } from '../../src/deliveries/delivery.js'
import type { ClaimedContent } from '../../src/deliveries/lane-driver.js'
import type { LaneStore } from '../../src/deliveries/lane-store.js'
import type { Ledger } from '../../src/deliveries/ledger.js'
import { derivedId } from '../../src/ids.js'
import type { MessageContent } from '../../src/notify/content.js'
import { parseState } from '../conversation/state.js'
import type { Incoming, Messenger } from '../messenger.js'
import type { CardOffer } from './card-desk.js'
import type { ChatRow, UpdateRow } from './chat-store.js'
import { elsewhereWrites } from './elsewhere.js'
import { type FactSources, prepareTurn } from './prepare-turn.js'
import { openedBody } from './sealed-updates.js'
import { applyTurn } from './turn-effects.js'
import { factReads, factsOf } from './turn-facts.js'
import { erasureWrites, turnWrites } from './turn-writes.js'
import type { VoucherPlace } from './voucher-book.js'

export interface AnswerOptions extends FactSources {
  readonly ledger: Ledger
  readonly lanes: LaneStore
  readonly sealing: Sealing
  readonly clock: Clock
  readonly messenger: Messenger
  /** A lane has something new to send. Never throws, never waits. */
  wakeLane(lane: string): void
}

/** Committed answers that may leave now, and what the messenger wants acknowledged. */
export interface Answered {
  readonly answers: readonly ClaimedContent[]
  readonly acknowledge: string | null
  /** What somebody wrote that nobody else is to read. */
  readonly remove: { readonly address: string; readonly messageId: string } | null
}

/** What a batch has committed. */
interface Committed extends Answered {
  /** The customer whom it forgot. */
  readonly erased: string | null
  /** Lanes of other chats that it told something. */
  readonly lanes: readonly string[]
  /** The voucher that it redeemed. */
  readonly redeemed: VoucherPlace | null
  /** The customer whose card it stamped, or took stamps from. */
  readonly stamped: string | null
  /** The card that it gave. */
  readonly given: CardOffer | null
}

const NOTHING: Committed = {
  answers: [],
  acknowledge: null,
  remove: null,
  erased: null,
  lanes: [],
  redeemed: null,
  stamped: null,
  given: null,
}

/**
 * Answers one stored update: reads what the conversation needs, and commits in one batch the chat's new state, the effects,
 * the replies as `sending`, and that the update is done. A crash before the commit answers it again; after it, never.
 */
export const answerUpdate = async (options: AnswerOptions, update: UpdateRow, fence: number): Promise<Answered> => {
  const { db, chats, messenger } = options
  const incoming = messenger.readUpdate(openedBody(options.sealing, update))
  if (incoming === null) {
    await db.write(chats.updateDone(update))
    return NOTHING
  }
  const startedAt = options.clock()
  const prepared = await prepareTurn(options, incoming, startedAt)
  const reads = {
    ...factReads(options, prepared, startedAt),
    update: chats.pendingUpdate(update),
    lane: options.lanes.fence({ id: options.laneId }),
  }
  const { erased, lanes, redeemed, stamped, given, ...answered } = await db.atomically(
    reads,
    (found, now): Decision<Committed> => {
      // Another owner of the lane answers it, or has done so.
      if (found.update.length === 0 || found.lane[0]?.fence !== fence) return { writes: [], result: NOTHING }
      const chat = found.chat[0] ?? newChat(options, incoming, now)
      const situation = { incoming, prepared, chat, found, now }
      const facts = factsOf(options, situation)
      const answer = options.conversation.answer(parseState(chat.dialogue), incoming.input, facts, now)
      const changes = applyTurn({ ...chat, languageHint: incoming.languageHint ?? chat.languageHint }, answer, now)
      const replies = answer.replies.map((content, ordinal) => replyOf(options, update, changes.chat, content, ordinal))
      const elsewhere = elsewhereWrites(
        options,
        { source: sourceOf(update), customerId: changes.chat.customerId },
        answer.elsewhere ?? [],
        found.others,
        now,
      )
      const writes = [
        ...(found.chat[0] ? [] : [chats.addChat(chat)]),
        ...turnWrites(options, changes, situation),
        ...elsewhere.writes,
        ...erasureWrites(options, changes, situation),
        ...replies.flatMap((reply) =>
          options.ledger.planAnswer(
            { ...reply, source: sourceOf(update), dueAt: now, position: now, customerId: changes.chat.customerId },
            fence,
            now,
          ),
        ),
        demand(1, chats.updateDone(update)),
      ]
      const result = {
        answers: replies,
        acknowledge: incoming.acknowledge ?? null,
        remove:
          changes.removesWritten && incoming.messageId !== undefined
            ? { address: incoming.address, messageId: incoming.messageId }
            : null,
        erased: changes.erases,
        lanes: elsewhere.lanes,
        given: changes.givesCard ? prepared.offer : null,
        redeemed: changes.redeems ? (prepared.counter?.places[0] ?? null) : null,
        stamped: changes.changesCard ? (prepared.counter?.card?.customerId ?? null) : null,
      }
      return { writes, result }
    },
  )
  if (erased !== null) options.eraser.wake(erased)
  for (const lane of lanes) options.wakeLane(lane)
  if (given !== null) options.cardDesk.given(given)
  if (redeemed !== null) options.vouchers.redeemed(redeemed)
  if (stamped !== null) options.cards.changed(stamped)
  return answered
}

const newChat = ({ laneId, messenger, business }: AnswerOptions, incoming: Incoming, now: number): ChatRow => ({
  id: derivedId('chat', laneId, incoming.address),
  businessId: business.id,
  lane: laneId,
  messenger: messenger.name,
  address: incoming.address,
  isPrivate: incoming.isPrivate,
  role: 'guest',
  customerId: null,
  formerCustomerId: null,
  linkedAt: null,
  leftTeamAt: null,
  sharedLocationId: null,
  cashierId: null,
  cashierUntil: null,
  language: null,
  languageHint: incoming.languageHint,
  dialogue: null,
  stoppedAt: null,
  unreachable: null,
  guesses: 0,
  guessesSince: 0,
  lastSeenAt: now,
  createdAt: now,
})

const sourceOf = ({ lane, updateId }: UpdateRow): string => `${lane}/${updateId}`

/** Answers go to the chat that asked; their id follows from the update, so a turn decided twice inserts them once. */
const replyOf = (
  { laneId, business }: AnswerOptions,
  update: UpdateRow,
  chat: ChatRow,
  content: MessageContent,
  ordinal: number,
): ClaimedContent => ({
  id: deliveryId('answer', `${sourceOf(update)}/${ordinal}`, chat.id, 'messengers'),
  businessId: business.id,
  purpose: 'answer',
  source: sourceOf(update),
  recipientKind: 'chat',
  recipientId: chat.id,
  channel: 'messengers',
  class: 'service',
  lane: laneId,
  chatId: chat.id,
  priority: PRIORITY.answer,
  attempts: 1,
  editsId: null,
  voucherId: content.picture?.kind === 'voucher' ? content.picture.voucherId : null,
  carries: null,
  content,
})
