import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import SqliteFile from 'better-sqlite3'
import { expect, inject, test, vi } from 'vitest'
import { cardIssued } from '../e2e/frames.js'
import { describeWith } from '../support/engines.js'
import { type Installation, openInstallation, type WebProgram } from '../support/program.js'
import { type RedisServer, redisMissing, startRedis } from '../support/redis-server.js'

const KILLS = inject('faultRuns') === 'long' ? 20 : 4
const PER_SEC = 300
const BETWEEN_KILLS_MS = 1_500

/** What the sender knows of each webhook: 7stamp tries again whatever was not answered 2xx. */
interface Sender {
  readonly accepted: Set<string>
  readonly refused: Map<number, number>
  stop(): Promise<number>
}

/** Posts webhooks with ids of their own, 300 a second, and each again until it is accepted. */
const startSender = (target: () => WebProgram | null): Sender => {
  const accepted = new Set<string>()
  const refused = new Map<number, number>()
  const open = new Set<string>()
  let sent = 0
  let isStopping = false

  const deliver = async (id: string): Promise<void> => {
    while (!accepted.has(id)) {
      const program = target()
      const status = program === null ? 0 : await postOnce(program, id)
      if (status === 200 || status === 202) accepted.add(id)
      else {
        if (status !== 0) refused.set(status, (refused.get(status) ?? 0) + 1)
        await delay(200)
      }
    }
    open.delete(id)
  }
  const startedAt = performance.now()
  const running = (async () => {
    while (!isStopping) {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * PER_SEC)
      // During an outage a sender does not pile up more than it can hold.
      while (sent < due && open.size < 2_000) {
        const id = `w_${sent++}`
        open.add(id)
        void deliver(id)
      }
      await delay(5)
    }
  })()
  return {
    accepted,
    refused,
    stop: async () => {
      isStopping = true
      await running
      await vi.waitFor(() => expect(open.size).toBe(0), { timeout: 30_000, interval: 50 })
      return sent
    },
  }
}

/** 0 for a connection that broke: nobody knows whether it was stored. */
const postOnce = async ({ webhookUrl }: WebProgram, id: string): Promise<number> => {
  try {
    const response = await fetch(webhookUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...cardIssued({ id: `c_${id}`, name: 'Guest', language: 'en' }), id }),
      signal: AbortSignal.timeout(10_000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

const journaledIds = ({ dataDir }: Installation): string[] => {
  const file = new SqliteFile(join(dataDir, 'stampcast.sqlite'), { readonly: true })
  try {
    const bodies = file.prepare<[], Buffer>('select body from events where body is not null').pluck().all()
    return bodies.map((body) => String(JSON.parse(String(body)).id))
  } finally {
    file.close()
  }
}

describeWith('Redis', redisMissing(), () => {
  test(`every webhook that was answered 2xx is in the journal exactly once, through ${KILLS} kills`, async () => {
    const redis: RedisServer = await startRedis()
    const installation = openInstallation({ redisUrl: redis.url, env: { DEMO: '0' } })
    try {
      let web: WebProgram | null = await installation.start({ role: 'web' })
      await installation.startWorker()
      const sender = startSender(() => web)
      for (let kill = 0; kill < KILLS; kill++) {
        await delay(BETWEEN_KILLS_MS * (0.5 + Math.random()))
        const victim: WebProgram = web
        web = null
        await victim.kill()
        web = await installation.start({ role: 'web' })
      }
      await delay(BETWEEN_KILLS_MS)
      const sent = await sender.stop()
      const journaled = journaledIds(installation)
      expect(journaled).toHaveLength(new Set(journaled).size)
      expect(new Set(journaled)).toEqual(sender.accepted)
      expect(sender.accepted.size).toBe(sent)
      expect(sent).toBeGreaterThan(KILLS * 100)
      console.log(`${sent} webhooks, ${KILLS} kills, refused: ${JSON.stringify([...sender.refused])}`)
    } finally {
      await installation.close()
      await redis.close()
    }
  })
})
