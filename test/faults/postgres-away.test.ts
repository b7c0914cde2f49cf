import { setTimeout as delay } from 'node:timers/promises'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openFaultCafe, untilArrived } from './fault-cafe.js'
import { postAll, rewardIssued } from './webhook-sender.js'

const OUTAGE_MS = inject('faultRuns') === 'long' ? 30_000 : 5_000
const PER_SEC = 40
const SECONDS = OUTAGE_MS / 1_000 + 8

describeWith('PostgreSQL', postgresMissing(), () => {
  test(`away for ${OUTAGE_MS / 1_000} s: webhooks get 503, nothing accepted is lost, nobody hears twice, all goes on by itself`, async () => {
    const server = await startPostgres()
    onTestFinished(() => server.close())
    const cafe = await openFaultCafe({ databaseUrl: await server.createDatabase('away') })
    const customers = PER_SEC * SECONDS
    await cafe.plant({ to: customers, plan: false })
    cafe.telegram.fault({ kind: 'slow', delayMs: () => Math.random() * 40 }, { method: 'sendMessage' })
    const web = await cafe.installation.start({ role: 'web' })
    const worker = await cafe.installation.startWorker()
    const posting = postAll(web.webhookUrl, customers, rewardIssued, { perSec: PER_SEC })
    await untilArrived(cafe.telegram, 2 * PER_SEC)
    await server.stop()
    await delay(OUTAGE_MS)
    expect((await fetch(`${web.url}/readyz`)).status).toBe(503)
    const arrived = cafe.telegram.delivered()
    await server.restart()
    const back = performance.now()
    await untilArrived(cafe.telegram, arrived + 1, 20_000)
    const resumedAfterMs = Math.round(performance.now() - back)
    const { 202: accepted = 0, 200: known = 0, 503: refused = 0 } = await posting
    expect(accepted + known).toBe(customers)
    expect(refused).toBeGreaterThan(0)
    const census = await cafe.settled(60_000)
    const { sent = 0, unknown = 0 } = census.states
    // What was in hand when the lease ran out may be unknown; the late result then says what became of it.
    expect(sent + unknown).toBe(customers)
    expect(census).toMatchObject({ deliveries: customers, duplicates: 0, falselySent: 0 })
    await vi.waitFor(async () => expect((await fetch(`${web.url}/readyz`)).status).toBe(200), { timeout: 10_000 })
    for (const program of [web, worker]) expect(await program.stop()).toMatchObject({ code: 0 })
    console.info(
      `PostgreSQL away for ${OUTAGE_MS / 1_000} s: ${refused} webhooks refused and accepted later, ` +
        `messages went on ${resumedAfterMs} ms after its return, ${unknown} unknown`,
    )
  })
})
