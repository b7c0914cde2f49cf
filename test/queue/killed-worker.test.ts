import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/log.js'
import { openQueue } from '../../src/queue/open-queue.js'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import { recordRuns, topic } from '../support/queue-work.js'
import { redisMissing, startRedis } from '../support/redis-server.js'

const PROGRAM = fileURLToPath(new URL('./queue-process.mjs', import.meta.url))
const ENGINES = [
  { engine: 'Redis', missing: redisMissing(), start: startRedis, option: 'redisUrl' },
  { engine: 'PostgreSQL', missing: postgresMissing(), start: startPostgres, option: 'databaseUrl' },
] as const

describe.concurrent('a worker that is killed in mid-work', { timeout: 60_000 }, () => {
  for (const { engine, missing, start, option } of ENGINES) {
    describeWith(`on ${engine}`, missing, () => {
      test('its ids are worked by another within 20 s, and so are the wakes that came meanwhile', async (context) => {
        const server = await start()
        context.onTestFinished(() => server.close())
        const options = { [option]: server.url }
        const { queue, signals } = await openQueue({ ...options, log: createLog('silent') })
        context.onTestFinished(async () => {
          await Promise.all([queue.close(), signals.close()])
        })
        const name = topic()
        const worker = startProcess(JSON.stringify(options), name)
        context.onTestFinished(() => worker.kill())
        await queue.wake(name, 'c_1')
        await queue.wake(name, 'c_2')
        await vi.waitFor(() => expect([...worker.printed].sort()).toEqual(['c_1', 'c_2']), { timeout: 20_000 })
        await queue.wake(name, 'c_1')
        const runs = await recordRuns(queue, name)
        await worker.kill()
        const killedAt = Date.now()
        const takenUp = ['c_1', 'c_1', 'c_2']
        await vi.waitFor(() => expect([...runs.ids].sort()).toEqual(takenUp), { timeout: 20_000, interval: 20 })
        console.info(`${engine}: taken up ${Date.now() - killedAt} ms after the kill`)
      })
    })
  }
})

const startProcess = (...args: readonly string[]) => {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const printed: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line))
  return {
    printed,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
