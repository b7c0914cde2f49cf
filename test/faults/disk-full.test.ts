import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import SqliteFile from 'better-sqlite3'
import { expect, inject, test, vi } from 'vitest'
import { cardIssued } from '../e2e/frames.js'
import { openInstallation, type Program, type WebProgram } from '../support/program.js'
import { openFaultCafe, untilArrived } from './fault-cafe.js'
import { describeOnSmallDisk, mountSmallDisk } from './small-disk.js'

/** With results that nobody can write down. */
const FULL_MS = inject('faultRuns') === 'long' ? 45_000 : 12_000
const MAX_MEMORY_MB = 250
/** The slots of the lane that are not kept for answers. */
const IN_FLIGHT = 24
const SOON = { timeout: 20_000, interval: 200 }
const GUEST = { id: 'c_guest', name: 'Guest', language: 'en' }

const post = async ({ webhookUrl }: WebProgram, id: string) => {
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...cardIssued({ id: `c_${id}`, name: 'Guest '.repeat(30), language: 'en' }), id }),
  })
  await response.arrayBuffer()
  return { status: response.status, retryAfter: response.headers.get('retry-after') }
}

/** Posts webhooks until 20 were turned away: the database keeps a little space of its own. Returns the accepted ones. */
const postUntilRefused = async (program: WebProgram): Promise<readonly string[]> => {
  const accepted: string[] = []
  let refused = 0
  for (let n = 0; refused < 20 && n < 5_000; n++) {
    const { status, retryAfter } = await post(program, `full_${n}`)
    if (status === 202) accepted.push(`full_${n}`)
    else {
      expect(status).toBe(503)
      expect(Number(retryAfter)).toBeGreaterThan(0)
      refused++
    }
  }
  expect(refused).toBe(20)
  return accepted
}

const statusOf = async (program: WebProgram, path: string) => (await fetch(program.url + path)).status

const memoryMbOf = ({ pid }: Program): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024

/** A visitor of the web chat, as the page is one. */
const openVisitor = async ({ url }: WebProgram) => {
  const json = { 'content-type': 'application/json' }
  const visitor = await fetch(`${url}/try/visitors`, { method: 'POST', headers: json, body: '{}' })
  const { token } = (await visitor.json()) as { token: string }
  const authorization = `Bearer ${token}`
  let said = 0
  return {
    say: (input: object) =>
      fetch(`${url}/try/messages`, {
        method: 'POST',
        headers: { ...json, authorization },
        body: JSON.stringify({ id: `message-${++said}`, input }),
      }),
    /** The whole chat, as the page reads it when it is opened anew. */
    read: async (): Promise<string> => {
      const ending = new AbortController()
      const stream = await fetch(`${url}/try/stream`, { headers: { authorization }, signal: ending.signal })
      let text = ''
      for await (const chunk of stream.body ?? []) {
        text += Buffer.from(chunk).toString()
        if (text.includes('event: ready')) break
      }
      ending.abort()
      return text
    },
  }
}

describeOnSmallDisk('a small disk', () => {
  test('that is full turns webhooks away with 503, what is there is shown, and it recovers by itself', async () => {
    const disk = mountSmallDisk()
    const installation = openInstallation({ env: { DATA_DIR: join(disk.folder, 'data'), DEMO: '0' } })
    try {
      const program = await installation.start()
      expect((await post(program, 'before')).status).toBe(202)
      const [link] = await vi.waitFor(() => installation.cli('link', 'customer', 'c_before'), SOON)
      const visitor = await openVisitor(program)
      expect((await visitor.say({ kind: 'start', payload: String(link?.token) })).status).toBe(202)
      const [pictureUrl] = await vi.waitFor(async () => {
        const found = /\/media\/[^"]+\.png/.exec(await visitor.read())
        expect(found).not.toBeNull()
        return found ?? []
      }, SOON)

      disk.fill()
      const accepted = ['before', ...(await postUntilRefused(program))]
      expect(await statusOf(program, '/healthz')).toBe(200)
      expect(await statusOf(program, '/try')).toBe(200)
      expect((await visitor.say({ kind: 'text', text: 'hello '.repeat(100) })).status).toBe(503)
      expect(await visitor.read()).toContain(pictureUrl)
      expect(await statusOf(program, String(pictureUrl))).toBe(200)
      // A checkpoint may give the database room for a moment more.
      await vi.waitFor(async () => {
        const readiness = await fetch(`${program.url}/readyz`)
        expect(readiness.status).toBe(503)
        expect(await readiness.json()).toMatchObject({ checks: { database: expect.not.stringMatching(/^ok$/) } })
      }, SOON)

      disk.free()
      await vi.waitFor(async () => expect((await post(program, 'after')).status).not.toBe(503), SOON)
      accepted.push('after')
      await vi.waitFor(async () => expect(await statusOf(program, '/readyz')).toBe(200), SOON)
      // What was accepted is known again; what was turned away is new.
      for (const id of accepted) expect((await post(program, id)).status).toBe(200)
      expect((await post(program, 'new')).status).toBe(202)
      expect((await program.stop()).code).toBe(0)
    } finally {
      await installation.close()
    }
  })

  test('that fills up while messages are on their way: each result waits for space, and nobody hears twice', async () => {
    const disk = mountSmallDisk()
    const dataDir = join(disk.folder, 'data')
    const cafe = await openFaultCafe({ env: { DATA_DIR: dataDir, TELEGRAM_MESSAGES_PER_SEC: '200' } })
    const { installation, telegram } = cafe
    const deliveries = 300
    await cafe.plant({ to: deliveries, plan: true })
    telegram.fault({ kind: 'slow', delayMs: 5_000 }, { method: 'sendMessage' })
    const program = await installation.start({ until: 'listens' })
    await untilArrived(telegram, IN_FLIGHT)
    disk.fill()
    await postUntilRefused(program)
    const sending = sendingIn(dataDir)
    await delay(FULL_MS)
    expect([telegram.delivered(), sending, sendingIn(dataDir)]).toEqual([IN_FLIGHT, IN_FLIGHT, IN_FLIGHT])
    expect(memoryMbOf(program)).toBeLessThan(MAX_MEMORY_MB)
    expect(await statusOf(program, '/healthz')).toBe(200)

    telegram.clearFaults()
    disk.free()
    const freedAt = performance.now()
    await untilArrived(telegram, IN_FLIGHT + 1, 20_000)
    const resumedAfterMs = Math.round(performance.now() - freedAt)
    const census = await cafe.settled(30_000)
    expect(census).toMatchObject({ states: { sent: deliveries }, duplicates: 0, falselySent: 0 })
    const memoryMb = Math.round(memoryMbOf(program))
    console.info(`disk full for ${FULL_MS / 1_000} s: messages went on ${resumedAfterMs} ms after, ${memoryMb} MB`)
  })

  test('that is full does not keep the program from starting to show what is there', async () => {
    const disk = mountSmallDisk()
    const installation = openInstallation({ env: { DATA_DIR: join(disk.folder, 'data'), DEMO: '0' } })
    try {
      const first = await installation.start()
      expect((await post(first, GUEST.id)).status).toBe(202)
      disk.fill()
      await postUntilRefused(first)
      await first.kill()
      const second = await installation.startWorker({ ROLE: 'all' })
      expect(second.logged('started')).toHaveLength(1)
      disk.free()
      const { code } = await second.stop()
      expect(code).toBe(0)
    } finally {
      await installation.close()
    }
  })
})

/** How many deliveries the ledger knows to be on their way. */
const sendingIn = (dataDir: string): number => {
  const file = new SqliteFile(join(dataDir, 'stampcast.sqlite'), { readonly: true })
  try {
    return file.prepare<[], number>("select count(*) from deliveries where state = 'sending'").pluck().get() ?? 0
  } finally {
    file.close()
  }
}
