import type { AnswerOptions } from '../../bots/chats/answer-update.js'
import { createChatGate } from '../../bots/chats/chat-gate.js'
import { openLaneTenant } from '../../bots/chats/lane-tenant.js'
import { type Conversation, createConversation } from '../../bots/conversation/conversation.js'
import type { Messenger } from '../../bots/messenger.js'
import type { BusinessRow } from '../business/business-tables.js'
import { createMessengerLane } from '../channels/messenger-lane.js'
import type { GateCheck } from '../deliveries/gate.js'
import type { LaneDriver } from '../deliveries/lane-driver.js'
import type { Holding, Tenant } from '../deliveries/lane-keeper.js'
import { createVoucherGate } from '../loyalty/voucher-gate.js'
import { openCashiers } from './cashiers.js'
import type { Directory } from './directory.js'
import type { Foundation } from './foundation.js'

/** One sender identity that this program speaks through. */
export interface MessengerLane {
  readonly id: string
  readonly business: Pick<BusinessRow, 'id'>
  readonly messenger: Messenger
  /** The messenger shows pictures that it fetches from us, instead of taking their bytes. */
  readonly showsPicturesByAddress: boolean
  /** Where a link leads that opens this chat with a payload; null while that is not known. */
  startLink(payload: string): string | null
  /** Where a messenger does not deliver by itself. */
  readonly poll?: (signal: AbortSignal) => Promise<void>
}

/** About how often a customer hears news; told when consent is asked. */
const NEWS_PER_MONTH = 2

/** The lanes of this installation, each with what runs in its owner. */
export class MessengerLanes {
  readonly #foundation: Foundation
  readonly #directory: Directory
  readonly #lanes = new Map<string, MessengerLane>()
  readonly #checks: readonly GateCheck<readonly unknown[]>[]
  readonly #conversation: Conversation

  constructor(foundation: Foundation, directory: Directory) {
    this.#foundation = foundation
    this.#directory = directory
    // In this order: STOP locks the chat it is said in, so that only what is read after the chats sees its consent.
    this.#checks = [createChatGate(foundation.db), foundation.consents.gateCheck, createVoucherGate(foundation.db)]
    this.#conversation = createConversation(foundation.wording)
  }

  async add(lane: MessengerLane): Promise<void> {
    const { db, lanes } = this.#foundation
    this.#lanes.set(lane.id, lane)
    const { id, business, messenger } = lane
    const row = { id, businessId: business.id, messenger: messenger.name, leaseUntil: 0, fence: 0, pausedUntil: 0 }
    await db.write(lanes.add(row))
  }

  /** Null for a lane that this process does not know, and so must not take. */
  isIdempotent(laneId: string): boolean | null {
    return this.#lanes.get(laneId)?.messenger.idempotent ?? null
  }

  furnish(holding: Holding): Tenant {
    const lane = this.#lanes.get(holding.laneId)
    if (!lane) throw new Error(`lane ${holding.laneId} is not ours`)
    const { db, ledger, lanes, resends, signals, clock, log } = this.#foundation
    return openLaneTenant({
      pump: { db, ledger, lanes, resends, signals, clock, log, holding, driver: this.#driver(lane) },
      answers: this.#answers(lane),
      business: async () => speaking(await this.#directory.business(lane.business.id)),
      poll: lane.poll,
    })
  }

  #driver({ messenger, showsPicturesByAddress }: MessengerLane): LaneDriver {
    const { db, chats, wording, desk } = this.#foundation
    return createMessengerLane({
      db,
      chats,
      wording,
      desk,
      messenger,
      showsPicturesByAddress,
      checks: this.#checks,
      shown: this.#directory.shown,
      business: (id) => this.#directory.business(id),
      languagesOf: (customerIds) => this.#directory.languagesOf(customerIds),
    })
  }

  #answers({ id, messenger, startLink }: MessengerLane): Omit<AnswerOptions, 'business'> {
    const {
      db,
      chats,
      consents,
      ledger,
      lanes,
      wording,
      clock,
      erasing,
      hears,
      till,
      counter,
      team,
      own,
      signals,
      sealing,
    } = this.#foundation
    return {
      db,
      chats,
      consents,
      hears,
      till,
      team,
      counter,
      vouchers: own.voucherBook,
      cards: own.cardBook,
      cardDesk: own.cardDesk,
      startLink,
      cashiers: openCashiers(this.#foundation),
      ledger,
      lanes,
      sealing,
      clock,
      wakeLane: (lane) => signals.publish('lane', lane),
      messenger,
      messengerName: messenger.name,
      languages: wording.languages,
      customers: this.#directory.customers,
      eraser: { ...erasing.erasure, wake: erasing.job.wake },
      conversation: this.#conversation,
      laneId: id,
    }
  }
}

/** A business as the conversation speaks for it. */
const speaking = ({ id, language, name, timeZone, contact, privacyUrl, cardLink }: BusinessRow) => ({
  id,
  language,
  facts: { name, timeZone, contact, privacyUrl, cardLink, newsPerMonth: NEWS_PER_MONTH },
})
