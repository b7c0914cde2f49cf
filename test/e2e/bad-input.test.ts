import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { anyJson, brokenBytes, changedFrame, extreme, wronglyEncoded } from '../events/bad-bodies.js'
import type { LogLine } from '../support/program.js'
import { freePort } from '../support/server-process.js'
import { badUpdate } from './bad-updates.js'
import { type Flood, flood, generated } from './flood.js'
import { stampAdded } from './frames.js'
import { type Cafe, linkGuests, openCafe, type RunningCafe, rowsOf, SOON, tell, waitForMessages } from './open-cafe.js'
import { readEverythingBack } from './stored-rows.js'

const WEBHOOKS = 100_000
const UPDATES = 20_000
const AT_ONCE = 64
const SEED = 20_260_511
const CUSTOMERS = 3_000
/** So many of them have a chat, and hear of what was accepted. */
const LINKED = 20
/** Two cores with nothing else to do need about a quarter of it. */
const TIMEOUT_MS = 300_000
const PATIENTLY = { timeout: 120_000, interval: 200 }

describe('bad input', { timeout: TIMEOUT_MS }, () => {
  test(`${WEBHOOKS} webhooks and ${UPDATES} chat updates of every kind do no harm`, async () => {
    const { cafe, address, secret } = await openCafeByWebhook()
    const { program, installation } = cafe
    const guests = await linkGuests(cafe, LINKED)

    const headers = { 'x-telegram-bot-api-secret-token': secret }
    const [webhooks, updates] = await Promise.all([
      flood(program.webhookUrl, generated(aboutAnybody, WEBHOOKS, SEED), { atOnce: AT_ONCE }),
      flood(address, numbered(generated(badUpdate, UPDATES, SEED)), { atOnce: AT_ONCE, headers }),
    ])
    console.info(`webhooks: ${described(webhooks)}\nchat updates: ${described(updates)}`)
    expect([...webhooks.faults, ...updates.faults]).toEqual([])
    expect(Object.keys(webhooks.counts)).toEqual(['200', '202', '400', '422'])
    expect(Object.keys(updates.counts)).toEqual(['200', '400', '422'])

    await vi.waitFor(() => expect(unfinished(cafe)).toEqual({ events: 0, updates: 0, deliveries: 0 }), PATIENTLY)
    expect(program.log.filter(isTrouble)).toEqual([])
    const { rows, unreadable } = readEverythingBack(installation.dataDir)
    console.info(`read back: ${JSON.stringify(rows)}`)
    expect(unreadable).toEqual([])

    for (const { guest, user } of guests.slice(0, 1)) {
      const before = user.sees().length
      await tell(program, stampAdded(guest, 1))
      await waitForMessages(user.sees, 1, before)
    }
    expect(await program.stop()).toMatchObject({ code: 0 })
  })
})

const badBody = fc.oneof(
  { weight: 45, arbitrary: changedFrame },
  { weight: 30, arbitrary: brokenBytes },
  { weight: 15, arbitrary: anyJson },
  { weight: 5, arbitrary: extreme },
  { weight: 5, arbitrary: wronglyEncoded },
)

/** The same about one of many customers of the café, now or in the past. */
const aboutAnybody = fc.tuple(badBody, fc.nat(CUSTOMERS - 1), fc.boolean()).map(([body, customer, isNow]) => {
  const text = body
    .toString('latin1')
    .replaceAll('b_123', 'b_cafe')
    .replaceAll(/(c_)789|(card_)001|(v_)555/g, `$1$2$3${customer}`)
  const now = new Date().toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)
  return Buffer.from(isNow ? text.replace(/2026-05-11T\d\d:\d\d/, now) : text, 'latin1')
})

/** Gives each update that has room for it a number of its own. */
function* numbered(bodies: Iterable<Buffer>): Generator<Buffer> {
  let updateId = 1_000_000
  for (const body of bodies)
    yield Buffer.from(body.toString('latin1').replace('"update_id":0', `"update_id":${updateId++}`), 'latin1')
}

const openCafeByWebhook = async (): Promise<{ cafe: RunningCafe; address: string; secret: string }> => {
  const port = String(await freePort())
  const cafe = await openCafe({
    env: {
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TELEGRAM_MODE: 'webhook',
      TELEGRAM_MESSAGES_PER_SEC: '5000',
    },
    telegram: { strangers: 'accept' },
  })
  const program = await cafe.installation.start()
  const { url, secret_token: secret } = await vi.waitFor(() => {
    const registered = cafe.telegram.calls.find(({ method }) => method === 'setWebhook')
    if (!registered) throw new Error('the webhook is not registered yet')
    return registered.params
  }, SOON)
  return { cafe: { ...cafe, program }, address: String(url), secret: String(secret) }
}

const unfinished = (cafe: Cafe) => {
  const count = (what: string) => rowsOf<{ count: number }>(cafe, `select count(*) as count from ${what}`)[0]?.count
  return {
    events: count("events where state = 'pending'"),
    updates: count("updates where state = 'pending'"),
    deliveries: count("deliveries where state in ('pending', 'sending')"),
  }
}

/** What cannot be understood is set aside at the first try; whatever else fails is our fault. */
const isTrouble = ({ level, msg, tries, error }: LogLine): boolean =>
  (level === 'error' || level === 'fatal') &&
  !(msg === 'update.failed' && tries === 1 && String(error).startsWith('these fields are wrong'))

const described = ({ counts, perSec }: Flood): string => `${JSON.stringify(counts)}, ${perSec} a second`
