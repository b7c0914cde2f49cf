import { createRedisBackend, Queue as JobQueue, Worker } from 'bullmq'
import type { Log } from '../log.js'
import { createBullmqQueue } from './bullmq-queue.js'
import {
  type BullmqProducer,
  type BullmqServer,
  type BullmqWorker,
  PRODUCER_OPTIONS,
  type ProcessJob,
  processorOf,
  workerOptions,
} from './bullmq-server.js'
import { steadily } from './bullmq-steady.js'
import type { Queue } from './queue.js'
import { openRedis, type RedisClient } from './redis-client.js'
import { ServerWatch } from './server-watch.js'
import { within } from './within.js'

/** The braces keep all keys in one slot of a Cluster, as BullMQ's scripts need. */
const PREFIX = '{stampcast}'
const FIRST_CONNECTION_MS = 2_000

/**
 * The queue on Redis (or Valkey): one server, Sentinel or Cluster, see `redis-address.ts`. Waits up to 2 s for the first
 * connection; without one it starts all the same, away until the server comes.
 */
export const createRedisQueue = async (needs: { readonly url: string; readonly log: Log }): Promise<Queue> => {
  const server = new RedisServer(needs.url, needs.log)
  await within(FIRST_CONNECTION_MS, server.connected())
  return createBullmqQueue(server, needs.log)
}

class RedisServer implements BullmqServer {
  readonly watch: ServerWatch
  readonly #asking: RedisClient
  readonly #patient: RedisClient

  constructor(url: string, log: Log) {
    this.#asking = openRedis(url, 'asking')
    this.#patient = openRedis(url, 'patient')
    // PING is refused too while Redis loads its data, or cannot write them.
    this.watch = new ServerWatch('redis', () => this.#asking.ping(), log)
    const suspect = (error: unknown) => this.watch.suspect(error ?? new Error('the connection was closed'))
    for (const client of [this.#asking, this.#patient]) client.on('error', suspect).on('close', suspect)
  }

  connected(): Promise<void> {
    return new Promise((resolve) => this.#asking.once('ready', () => resolve()))
  }

  async openProducer(topic: string): Promise<BullmqProducer> {
    // Refused at once while Redis is away; BullMQ would wait.
    await this.#asking.ping()
    const queue = new JobQueue(topic, { ...PRODUCER_OPTIONS, connection: this.#asking, prefix: PREFIX })
    queue.on('error', (error) => this.watch.suspect(error))
    await queue.waitUntilReady()
    return queue
  }

  startWorker(topic: string, concurrency: number, process: ProcessJob): BullmqWorker {
    const worker = new Worker(
      topic,
      processorOf(process),
      { ...workerOptions(concurrency), connection: this.#patient, prefix: PREFIX },
      steadily(createRedisBackend, this.watch),
    )
    worker.on('error', (error) => this.watch.suspect(error))
    return worker
  }

  async close(): Promise<void> {
    this.watch.close()
    this.#asking.disconnect()
    this.#patient.disconnect()
  }
}
