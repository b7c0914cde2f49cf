import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { anyJson, brokenBytes, changedFrame, extreme, wronglyEncoded } from '../events/bad-bodies.js'
import { freePort } from '../support/server-process.js'
import { badUpdate } from './bad-updates.js'
import { flood, generated } from './flood.js'
import { stampAdded } from './frames.js'
import { type Cafe, linkGuests, openCafe, quietMoment, type RunningCafe, rowsOf, SOON, tell, waitForMessages } from './open-cafe.js'
import { readEverythingBack } from './stored-rows.js'

const WEBHOOKS = Number(process.env.W ?? 100_000)
const UPDATES = Number(process.env.U ?? 20_000)
const AT_ONCE = 64
const SEED = 20_260_511
const CUSTOMERS = 3_000
/** So many of them have a chat, and hear of what was accepted. */
const LINKED = 20

const badBody = fc.oneof(
  { weight: 45, arbitrary: changedFrame },
  { weight: 30, arbitrary: brokenBytes },
  { weight: 15, arbitrary: anyJson },
  { weight: 5, arbitrary: extreme },
  { weight: 5, arbitrary: wronglyEncoded },
)

/** The same bytes about one of many customers, now or in the past. */
const aboutAnybody = fc.tuple(badBody, fc.nat(CUSTOMERS - 1), fc.boolean()).map(([body, customer, isFresh]) => {
  const text = body.toString('latin1').replaceAll(/(c_)789|(card_)001|(v_)555/g, `$1$2$3${customer}`)
  return Buffer.from(
    isFresh ? text.replace(/2026-05-11T\d\d:\d\d/, new Date().toISOString().slice(0, 16)) : text,
    'latin1',
  )
})

describe('bad input', { timeout: 300_000 }, () => {
  test(`${WEBHOOKS} webhooks and ${UPDATES} chat updates of every kind do no harm`, async () => {
    const { cafe, address, secret } = await openCafeByWebhook()
    const { program, telegram, installation } = cafe
    const t0 = performance.now()
    const at = (what: string) => {
      const [, , , , , , , , , , , , , ut, st] = readFileSync(`/proc/${program.pid}/stat`, 'utf8').split(' ')
      const own = process.cpuUsage()
      console.info(`${Math.round(performance.now() - t0)} ms, prog cpu ${Number(ut)*10}+${Number(st)*10} own ${own.user/1000}+${own.system/1000} : ${what}`)
    }
    const [first] = await linkGuests(cafe, LINKED)
    at('linked')

    const webhooks = await flood(program.webhookUrl, generated(aboutAnybody, WEBHOOKS, SEED), { atOnce: AT_ONCE })
    at(JSON.stringify(webhooks))
    const headers = { 'x-telegram-bot-api-secret-token': secret }
    const updates = await flood(address, numbered(generated(badUpdate, UPDATES, SEED)), { atOnce: AT_ONCE, headers })
    at(JSON.stringify(updates))
    expect({ webhooks: webhooks.faults, updates: updates.faults }).toEqual({ webhooks: [], updates: [] })
    expect(Object.keys(webhooks.counts).sort()).toEqual(['200', '202', '400', '422'])
    expect(Object.keys(updates.counts).sort()).toEqual(['200', '400', '422'])

    try {
      await vi.waitFor(() => expect(unfinished(cafe)).toEqual({ events: 0, updates: 0, deliveries: 0 }), PATIENTLY)
    } finally {
      at('done ' + JSON.stringify(unfinished(cafe)))
      console.info(program.log.filter(({ level }) => level === 'error' || level === 'fatal').filter(({tries}) => tries !== 1).slice(0, 10))
      const { rows, unreadable } = readEverythingBack(installation.dataDir)
      at(JSON.stringify(rows))
      console.info(unreadable.slice(0, 20), unreadable.length)
    }

    if (!first) throw new Error('nobody is linked')
    const before = first.user.sees().length
    await tell(program, stampAdded(first.guest, 1))
    await quietMoment()
    console.info(rowsOf(cafe, "select * from events order by seq desc limit 1").map((r) => ({...r, body: null})))
    console.info(rowsOf(cafe, "select * from deliveries where purpose <> 'answer' order by created_at desc limit 3"))
    console.info(rowsOf(cafe, "select * from chats where customer_id is not null limit 3"))
    console.info(rowsOf(cafe, "select id,name,external_id,parent_id from businesses limit 10"))
    await waitForMessages(first.user.sees, 1, before)
    expect(telegram.violations).toEqual([])
    expect(await program.stop()).toMatchObject({ code: 0 })
    at('stopped')
  })
})

const PATIENTLY = { timeout: 120_000, interval: 200 }

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

/** Gives each update that has room for it a number of its own. */
function* numbered(bodies: Iterable<Buffer>): Generator<Buffer> {
  let updateId = 1_000_000
  for (const body of bodies)
    yield Buffer.from(body.toString('latin1').replace('"update_id":0', `"update_id":${updateId++}`), 'latin1')
}

const unfinished = (cafe: Cafe) => {
  const count = (sql: string) => rowsOf<{ count: number }>(cafe, `select count(*) as count from ${sql}`)[0]?.count
  return {
    events: count("events where state = 'pending'"),
    updates: count("updates where state = 'pending'"),
    deliveries: count("deliveries where state in ('pending', 'claimed', 'sending')"),
  }
}
