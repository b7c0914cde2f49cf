import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLog } from '../../src/log.js'
import { openQueue } from '../../src/queue/open-queue.js'
import { describeWith, findProgram } from '../support/engines.js'
import { recordRuns, SOON, topic } from '../support/queue-work.js'
import { type RedisServer, redisMissing, startRedis } from '../support/redis-server.js'
import { freePort, ServerProcess } from '../support/server-process.js'

describeWith('queue and signals on several Redis servers', redisMissing(), () => {
  test('on a Cluster', { timeout: 30_000 }, async () => {
    const redis = await started([
      '--cluster-enabled',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
      '--cluster-port',
      String(await freePort()),
    ])
    await redis.command('CLUSTER ADDSLOTSRANGE 0 16383')
    await vi.waitFor(async () => expect(await redis.command('SET ready 1')).toBe('+OK'), SOON)
    await expectWorking(`redis+cluster://127.0.0.1:${redis.port}`)
  })

  test('on the master that a Sentinel names', { timeout: 30_000 }, async () => {
    const redis = await started()
    const port = await startSentinel(redis.port)
    await expectWorking(`redis+sentinel://127.0.0.1:${port}/main`)
  })
})

const started = async (extra: readonly string[] = []): Promise<RedisServer> => {
  const redis = await startRedis(extra)
  onTestFinished(() => redis.close())
  return redis
}

const startSentinel = async (masterPort: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-sentinel-'))
  const port = await freePort()
  const settings = join(folder, 'sentinel.conf')
  writeFileSync(
    settings,
    `port ${port}\nbind 127.0.0.1\ndir ${folder}\nsentinel monitor main 127.0.0.1 ${masterPort} 1\n`,
  )
  const sentinel = new ServerProcess(findProgram('redis-server') ?? '', [settings, '--sentinel'])
  onTestFinished(async () => {
    await sentinel.end('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  return port
}

const expectWorking = async (redisUrl: string): Promise<void> => {
  const { queue, signals } = await openQueue({ redisUrl, log: createLog('silent') })
  onTestFinished(async () => {
    await Promise.all([queue.close(), signals.close()])
  })
  const runs = await recordRuns(queue, topic())
  await vi.waitFor(() => queue.wake(runs.topic, 'c_1'), SOON)
  await queue.wake(runs.topic, 'c_2', Date.now() + 100)
  await queue.repeat(runs.topic, 'every second', '* * * * * *', 'UTC')
  await vi.waitFor(() => expect(runs.ids).toEqual(expect.arrayContaining(['c_1', 'c_2', 'every second'])), SOON)
  await queue.check()

  const other = (await openQueue({ redisUrl, log: createLog('silent') })).signals
  onTestFinished(() => other.close())
  const heard: string[] = []
  signals.subscribe('lane', (id) => heard.push(id))
  await vi.waitFor(() => {
    other.publish('lane', 'lane_1')
    expect(heard).toContain('lane_1')
  }, SOON)
}
