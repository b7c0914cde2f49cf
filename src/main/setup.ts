import { randomUUID } from 'node:crypto'
import type { RequestHandler, Router } from 'express'
import { createLink, STAFF_LINK_MS } from '../../bots/chats/links.js'
import { faceHtml } from '../../bots/web/face.js'
import { isThisMachine } from '../config/values.js'
import { demoCustomerIds } from '../demo/demo-people.js'
import { AppError, assertNever } from '../errors.js'
import { createTestVoucher } from '../notify/test-voucher.js'
import { qrSvg } from '../pictures/qr-svg.js'
import { loadSetupFiles } from '../setup/setup-files.js'
import type {
  EventsState,
  LaneState,
  LinkWithCode,
  SetupState,
  StaffLinks,
  TelegramState,
} from '../setup/setup-protocol.js'
import { nowherePage, setupRoutes } from '../setup/setup-routes.js'
import { TEXTS } from '../setup/setup-texts.js'
import type { Directory } from './directory.js'
import type { Foundation } from './foundation.js'
import type { TelegramLane } from './telegram-lanes.js'
import { allowedOriginsOf, webLaneId } from './web-lane.js'

export interface SetupOptions {
  readonly foundation: Foundation
  readonly directory: Directory
  readonly businessId: string
  readonly webhookToken: string
  readonly telegram: readonly TelegramLane[]
}

const CHAT_PAGE = new URL('../../bots/web/page/', import.meta.url)

export interface Setup {
  /** The page at `/`, with what it shows of all capabilities. */
  readonly router: Router
  /** What a browser sees at an address that nobody serves. */
  readonly nowhere: RequestHandler
}

export const openSetup = async (options: SetupOptions): Promise<Setup> => {
  const { foundation, directory, businessId } = options
  const { config, setupAccess, clock } = foundation
  const sendTest = createTestVoucher(foundation)
  const files = await loadSetupFiles(new URL('../setup/page/', import.meta.url), [
    new URL('base.css', CHAT_PAGE),
    new URL('controls.css', CHAT_PAGE),
  ])
  const face = async () => {
    const { name, color, logo } = await directory.business(businessId)
    return faceHtml({ businessName: name, color, logo })
  }
  const router = setupRoutes({
    files,
    access: setupAccess,
    publicUrl: config.http.publicUrl,
    isDemo: config.demo,
    face,
    readState: (base, testId) => readState(options, base, testId),
    createStaffLinks: async (base) => {
      const token = await createLink(foundation, businessId, { kind: 'staff' })
      return staffLinks(options, base, token, clock() + STAFF_LINK_MS)
    },
    sendTestVoucher: async () => {
      const sent = await sendTest(await directory.business(businessId), randomUUID())
      switch (sent.kind) {
        case 'planned':
          return { deliveryId: sent.deliveryId }
        case 'no_staff_chat':
          throw new AppError('conflict', TEXTS.test.needsChat)
        case 'silenced':
          throw new AppError('conflict', TEXTS.test.silenced)
        default:
          return assertNever(sent)
      }
    },
  })
  return { router, nowhere: nowherePage({ files, face }) }
}

const readState = async (
  { foundation, businessId, webhookToken, telegram }: SetupOptions,
  base: string,
  testId: string | null,
): Promise<SetupState> => {
  const { db, config, lanes, chats, ledger, clock } = foundation
  const [health, events, staffChats, allowedOrigins, tests] = await Promise.all([
    db.read(lanes.health({})),
    readEvents(foundation, businessId),
    db.read(chats.staffOf({ businessId })),
    allowedOriginsOf(foundation, businessId),
    testId === null ? [] : db.read(ledger.byId({ id: testId })),
  ])
  const laneOf = (id: string): LaneState => {
    const lane = health.find((each) => each.id === id)
    if (lane?.downReason) return { kind: 'down', reason: lane.downReason }
    if (!lane || lane.isFree) return { kind: 'unowned' }
    return lane.pausedUntil > clock() ? { kind: 'paused', until: lane.pausedUntil } : { kind: 'ready' }
  }
  const test = tests.find(({ purpose }) => purpose === 'test')
  return {
    telegram: telegramState(telegram[0], laneOf),
    web: {
      lane: laneOf(webLaneId(businessId)),
      allowedOrigins,
      scriptTag: `<script src="${base}/embed.js" async></script>`,
    },
    webhook: { url: `${base}/webhooks/7stamp/${webhookToken}`, publicUrl: config.http.publicUrl },
    events,
    staffChats: staffChats.length,
    test: test ? { state: test.state, reason: test.reason } : null,
  }
}

const telegramState = (lane: TelegramLane | undefined, laneOf: (id: string) => LaneState): TelegramState => {
  if (!lane) return { kind: 'off' }
  const username = lane.username()
  if (username === null) return { kind: 'unreached' }
  return { kind: 'on', username, mode: lane.webhook ? 'webhook' : 'polling', lane: laneOf(lane.id) }
}

const readEvents = async ({ db, journal, eventLookups }: Foundation, businessId: string): Promise<EventsState> => {
  const [[last], counts] = await Promise.all([
    db.read(eventLookups.newest({ businessId, exceptCustomers: JSON.stringify(demoCustomerIds(businessId)) })),
    db.read(journal.countUnapplied({})),
  ])
  const sum = (isCounted: (state: string) => boolean) =>
    counts.reduce((total, { state, count }) => (isCounted(state) ? total + count : total), 0)
  return {
    last: last ? { name: last.name, state: last.state, at: last.receivedAt } : null,
    waiting: sum((state) => state === 'pending'),
    dead: sum((state) => state !== 'pending'),
  }
}

const staffLinks = ({ telegram }: SetupOptions, base: string, token: string, expiresAt: number): StaffLinks => {
  const username = telegram[0]?.username() ?? null
  return {
    expiresAt,
    web: linkTo(`${base}/try?start=${token}`),
    telegram: username === null ? null : linkTo(`https://t.me/${username}?start=${token}`),
  }
}

const linkTo = (url: string): LinkWithCode => ({ url, qr: isThisMachine(new URL(url).hostname) ? null : qrSvg(url) })
