import type { ChatReader, ChatStore } from '../../bots/chats/chat-store.js'
import type { Messenger } from '../../bots/messenger.js'
import type { Database } from '../db/database.js'
import type { GateCheck } from '../deliveries/gate.js'
import type { ClaimedContent, LaneDriver, Prepared } from '../deliveries/lane-driver.js'
import { AppError } from '../errors.js'
import { chooseLanguage } from '../languages.js'
import type { Wording } from '../notify/wording.js'
import { composePicture, type PictureDesk, readShown, type Shown, type ShownFacts } from './picture-desk.js'

/** A business as its messages show it. */
export interface ShownBusiness {
  readonly name: string
  readonly language: string
  readonly timeZone: string
  readonly color: string
  readonly logo: string | null
}

export interface MessengerLaneOptions {
  readonly db: Database
  readonly chats: ChatStore
  readonly wording: Wording
  readonly desk: PictureDesk
  readonly shown: Shown
  readonly messenger: Messenger
  /** The messenger fetches pictures from us, so what is on them must be kept. */
  readonly showsPicturesByAddress: boolean
  readonly checks: readonly GateCheck<readonly unknown[]>[]
  business(id: string): Promise<ShownBusiness>
  /** The language that events said of customers, by id. */
  languagesOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>
}

/** A messenger as a lane of the dispatcher: content gets its language, its picture and its address here. */
export const createMessengerLane = (options: MessengerLaneOptions): LaneDriver => {
  const { chats, messenger, checks } = options
  return {
    limits: messenger.limits,
    idempotent: messenger.idempotent,
    givesReceipts: messenger.name !== 'telegram',
    checks,
    prepare: (batch) => prepareBatch(options, batch),
    send: (address, message, signal) => messenger.send(address, message, signal),
    edit: (address, messageId, message, signal) => messenger.edit(address, messageId, message, signal),
    unreachable: ({ chatId, lane }, { movedTo, reason }) =>
      movedTo === undefined
        ? [chats.markUnreachable({ id: chatId, reason })]
        : [chats.dropStrangerAt({ lane, address: movedTo }), chats.changeAddress({ id: chatId, address: movedTo })],
  }
}

const prepareBatch = async (
  options: MessengerLaneOptions,
  batch: readonly ClaimedContent[],
): Promise<ReadonlyMap<string, Prepared>> => {
  const { db, chats, shown } = options
  const [rows, facts, businesses] = await Promise.all([
    db.read(chats.readers({ ids: JSON.stringify(batch.map(({ chatId }) => chatId)) })),
    readShown(
      shown,
      batch.flatMap(({ content }) => content.picture ?? []),
    ),
    businessesOf(options, batch),
  ])
  const chatOf = new Map(rows.map((chat) => [chat.id, chat]))
  const languages = await options.languagesOf(rows.flatMap(({ customerId }) => customerId ?? []))
  const prepared = new Map<string, Prepared>()
  for (const delivery of batch) {
    const chat = chatOf.get(delivery.chatId)
    const business = businesses.get(delivery.businessId)
    if (!chat || !business) continue
    const payload = chat.customerId === null ? null : languages.get(chat.customerId)
    prepared.set(delivery.id, prepareOne(options, delivery, { chat, payload, business, facts }))
  }
  return prepared
}

/** A business that is gone is left out: its messages fail, and no others. */
const businessesOf = async (
  { business }: MessengerLaneOptions,
  batch: readonly ClaimedContent[],
): Promise<ReadonlyMap<string, ShownBusiness>> => {
  const found = new Map<string, ShownBusiness>()
  for (const id of new Set(batch.map(({ businessId }) => businessId)))
    try {
      found.set(id, await business(id))
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'not_found')) throw error
    }
  return found
}

/** Who reads a message, and what it shows. */
interface Reading {
  readonly chat: ChatReader
  /** The language that events said of the customer. */
  readonly payload: string | null | undefined
  readonly business: ShownBusiness
  readonly facts: ShownFacts
}

/** A message that cannot be made fails alone, not the batch it is in. */
const prepareOne = (options: MessengerLaneOptions, delivery: ClaimedContent, reading: Reading): Prepared => {
  try {
    return prepare(options, delivery, reading)
  } catch (error) {
    const { address } = reading.chat
    return { address, message: { id: delivery.id, text: '' }, warmUp: () => Promise.reject(error) }
  }
}

const prepare = (
  { wording, desk, showsPicturesByAddress }: MessengerLaneOptions,
  { id, content }: ClaimedContent,
  { chat, payload, business, facts }: Reading,
): Prepared => {
  const language = chooseLanguage(wording.languages, {
    chosen: chat.language,
    payload,
    hint: chat.languageHint,
    business: business.language,
  })
  const worded = wording.say(language, content)
  const { address } = chat
  if (!content.picture) return { address, message: { ...worded, id }, warmUp: null }
  const { altText = '', ...words } = worded
  const drawn = composePicture(wording, facts, content.picture, { business, language })
  if (!drawn) return { address, message: { ...words, id }, warmUp: null }
  const picture = desk.outgoing(drawn, altText, chat.customerId)
  return {
    address,
    message: { ...words, id, picture },
    warmUp: async () => {
      await Promise.all([picture.png(), showsPicturesByAddress ? desk.keep(picture) : undefined])
    },
  }
}
