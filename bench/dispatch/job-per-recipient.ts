import { Queue, Worker } from 'bullmq'
import { Api } from 'grammy'
import { serve } from '../rig/helper.js'

/** The usual way: one BullMQ job per recipient, whose handler calls grammY with the HTTP client it brings. */
export type JobPerRecipient = typeof commands

const TOPIC = 'messages'
const JOBS_AT_ONCE = 1_000

const commands = serve({
  enqueue: async (redisPort: number, bodies: readonly string[], count: number): Promise<void> => {
    const queue = new Queue(TOPIC, { connection: { host: '127.0.0.1', port: redisPort } })
    for (let from = 0; from < count; from += JOBS_AT_ONCE) {
      const jobs = Array.from({ length: Math.min(JOBS_AT_ONCE, count - from) }, (_, offset) => ({
        name: 'send',
        data: JSON.parse(bodies[(from + offset) % bodies.length] ?? '{}'),
        opts: { removeOnComplete: true, attempts: 3 },
      }))
      await queue.addBulk(jobs)
    }
    await queue.close()
  },
  work: async (redisPort: number, sinkPort: number, count: number, concurrency: number): Promise<void> => {
    const api = new Api('1000:bench-bot-token', { apiRoot: `http://127.0.0.1:${sinkPort}` })
    let done = 0
    let finish: () => void = () => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const worker = new Worker(TOPIC, async ({ data }) => (await api.raw.sendMessage(data)).message_id, {
      connection: { host: '127.0.0.1', port: redisPort },
      concurrency,
    })
    worker.on('completed', () => {
      if (++done === count) finish()
    })
    await finished
    await worker.close()
  },
})
