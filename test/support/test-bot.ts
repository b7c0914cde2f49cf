import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLink, type LinkPurpose } from '../../bots/chats/links.js'
import type { Incoming, Input, Messenger, OutgoingMessage, SendResult } from '../../bots/messenger.js'
import { setUpFirstBusiness } from '../../src/business/first-business.js'
import { createAdmissions } from '../../src/business/webhook-admissions.js'
import type { Clock } from '../../src/clock.js'
import { readConfig } from '../../src/config.js'
import { LaneKeeper } from '../../src/deliveries/lane-keeper.js'
import { LaneWakes } from '../../src/deliveries/lane-wakes.js'
import { createInbox } from '../../src/events/inbox.js'
import { customerIdOf, SHARDS } from '../../src/events/journaled-event.js'
import { createDirectory } from '../../src/main/directory.js'
import { openFoundation } from '../../src/main/foundation.js'
import { type MessengerLane, MessengerLanes } from '../../src/main/messenger-lanes.js'
import { createEventProcessing } from '../../src/main/role-worker.js'

/** Something the bot showed in a chat. */
export interface Shown {
  readonly address: string
  readonly message: OutgoingMessage
  /** Of an edit: the message it replaced. */
  readonly edits: string | null
}

const LANE = 'telegram:test'

/** The whole program but for HTTP, on a SQLite file of its own, with a messenger that a test reads and speaks through. */
export const openTestBot = async (environment: Readonly<Record<string, string>> = {}, clock: Clock = Date.now) => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  const env = {
    DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    BUSINESS_NAME: 'Corner Coffee',
    SEVENSTAMP_WEBHOOK_TOKEN: 'a-token-of-16-chars',
    ...environment,
  }
  const config = readConfig(env, { workingDir: folder, timeZone: 'Europe/Kyiv', readFile: () => Buffer.alloc(0) })
  const foundation = await openFoundation(config, fileURLToPath(new URL('../../locales/', import.meta.url)), clock)
  const { db, ledger, signals, log, businesses, sealing, journal } = foundation
  const { id: businessId } = await setUpFirstBusiness({ ...foundation, store: businesses })
  const directory = createDirectory(foundation)
  const lanes = new MessengerLanes(foundation, directory)
  const shown: Shown[] = []
  const removed: { address: string; messageId: string }[] = []
  let answer: (shown: Shown) => SendResult = () => ({ status: 'sent', messageId: `m${shown.length}` })
  const show = async (address: string, message: OutgoingMessage, edits: string | null): Promise<SendResult> => {
    const result = answer({ address, message, edits })
    if (result.status === 'sent') shown.push({ address, message, edits })
    return result
  }
  const messenger: Messenger = {
    name: 'telegram',
    limits: { allPerSec: 10_000, allBurst: 1_000, bulkPerSec: 10_000, perChatMs: 0, slots: 16 },
    idempotent: false,
    send: (address, message) => show(address, message, null),
    edit: (address, messageId, message) => show(address, message, messageId),
    readUpdate: (body) => body as Incoming,
    remove: async (address, messageId) => {
      removed.push({ address, messageId })
    },
  }
  const startLink = (payload: string) => `https://t.me/corner_coffee_bot?start=${payload}`
  const business = await directory.business(businessId)
  await lanes.add({ id: LANE, business, messenger, showsPicturesByAddress: false, startLink })
  const keeper = new LaneKeeper({
    db,
    ledger,
    signals,
    log,
    owner: 'elsewhere/1/test',
    lanes: foundation.lanes,
    resends: foundation.resends,
    isIdempotent: (laneId) => lanes.isIdempotent(laneId),
    furnish: (holding) => lanes.furnish(holding),
  })
  await keeper.start()
  const wakes = new LaneWakes(signals, clock)
  const processing = createEventProcessing(foundation, wakes)
  const inbox = createInbox({
    db,
    journal,
    clock,
    admissions: createAdmissions({ db, store: businesses, sealing, signals, standIns: [] }),
    wake: () => undefined,
  })
  let updates = 0
  const posts = async (frame: object) => {
    const admission = await inbox.admit('a-token-of-16-chars')
    if (!admission) throw new Error('the webhook address is not known')
    const headers = { 'webhook-id': undefined, 'webhook-timestamp': undefined, 'webhook-signature': undefined }
    return inbox.receive(admission, headers, Buffer.from(JSON.stringify(frame)))
  }
  const applyEvents = async (): Promise<void> => {
    for (const shard of SHARDS) await processing.run(String(shard))
  }

  return {
    foundation,
    businessId,
    /** Where its database and key are. */
    folder,
    shown,
    /** What the bot took away of what somebody wrote. */
    removed,
    /** Another messenger beside the one that the test speaks through. */
    addLane: (lane: MessengerLane) => lanes.add(lane),
    /** What a chat sees, newest last. */
    textsOf: (address: string) => shown.filter((each) => each.address === address).map(({ message }) => message.text),
    answerWith: (next: typeof answer) => {
      answer = next
    },
    /** Somebody does something in a chat. The same `updateId` twice is one update. */
    does: async (address: string, input: Input, about: Partial<Incoming> & { updateId?: string } = {}) => {
      const { updateId = `u${++updates}`, ...incoming } = about
      const body = { address, isPrivate: true, languageHint: 'en', input, ...incoming }
      await foundation.storeUpdates(LANE, [{ updateId, address, body }])
    },
    link: (purpose: LinkPurpose) => createLink(foundation, businessId, purpose),
    customerId: (externalId: string) => customerIdOf(businessId, externalId),
    /** 7stamp posts a frame, and it is applied. */
    event: async (frame: object) => {
      const receipt = await posts(frame)
      await applyEvents()
      return receipt
    },
    /** 7stamp posts a frame, which waits to be applied. */
    posts,
    /** What the bot itself has caused is applied. */
    applyEvents,
    close: async () => {
      wakes.stop()
      await keeper.stop()
      await foundation.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type TestBot = Awaited<ReturnType<typeof openTestBot>>
