import { createPostgresBackend, Queue as JobQueue, type PgPool, runMigrations, Worker } from 'bullmq'
import pg from 'pg'
import { sleep } from '../clock.js'
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
import { ServerWatch } from './server-watch.js'
import { within } from './within.js'

/** BullMQ keeps its tables apart from ours, in this schema; with a given pool the name is fixed. */
const SCHEMA = 'bullmq'
/** For short queries. Every worker keeps one more connection, to listen. */
const POOL_SIZE = 8
/** Every topic's producer and worker listens for the pool's errors. */
const MAX_LISTENERS = 200
const CONNECT_TIMEOUT_MS = 1_500
const QUERY_TIMEOUT_MS = 5_000
const REOPEN_MS = 500
const CLOSE_GRACE_MS = 1_000
/** In seconds. BullMQ would trust a silent connection for an hour. */
const LONGEST_WAIT_SEC = 5

/** The queue on PostgreSQL, in the schema `bullmq`, which it creates and upgrades. Rejects when the server is away. */
export const createPostgresQueue = async (needs: { readonly url: string; readonly log: Log }): Promise<Queue> => {
  const server = new PostgresServer(needs.url, needs.log)
  try {
    await server.migrate()
  } catch (error) {
    await server.close()
    throw error
  }
  return createBullmqQueue(server, needs.log)
}

class PostgresServer implements BullmqServer {
  readonly watch: ServerWatch
  readonly #pool: pg.Pool
  /** The same pool. BullMQ describes it by a type of its own, whose `on` TypeScript cannot compare. */
  readonly #connection: PgPool

  constructor(url: string, log: Log) {
    this.#pool = new pg.Pool({
      connectionString: url,
      options: `-c search_path=${SCHEMA}`,
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'stampcast queue',
    })
    this.#pool.setMaxListeners(MAX_LISTENERS)
    this.#connection = this.#pool as PgPool
    this.watch = new ServerWatch('postgres', () => this.#pool.query('select 1'), log)
    this.#pool.on('error', (error) => this.watch.suspect(error))
  }

  async migrate(): Promise<void> {
    const client = await this.#pool.connect()
    try {
      await runMigrations(client, SCHEMA)
    } finally {
      client.release()
    }
  }

  async openProducer(topic: string): Promise<BullmqProducer> {
    const queue = new JobQueue(
      queueName(topic),
      { ...PRODUCER_OPTIONS, connection: this.#connection },
      createPostgresBackend,
    )
    queue.on('error', (error) => this.watch.suspect(error))
    await queue.waitUntilReady()
    return queue
  }

  startWorker(topic: string, concurrency: number, process: ProcessJob): BullmqWorker {
    this.#pool.options.max += 1
    const closing = new AbortController()
    const opening = this.#openWorker(topic, concurrency, process, closing.signal)
    return {
      close: async () => {
        closing.abort()
        await (await opening)?.close()
        this.#pool.options.max -= 1
      },
    }
  }

  /** BullMQ asks a new connection once whether its tables are there, and never works if that question fails. */
  async #openWorker(
    topic: string,
    concurrency: number,
    process: ProcessJob,
    closing: AbortSignal,
  ): Promise<BullmqWorker | null> {
    const suspect = (error: unknown) => this.watch.suspect(error)
    while (!closing.aborted) {
      try {
        await this.watch.check()
        const worker = new Worker(
          queueName(topic),
          processorOf(process),
          { ...workerOptions(concurrency), connection: this.#connection, autorun: false },
          steadily(backendThatPolls, this.watch),
        )
        worker.on('error', suspect)
        await worker.waitUntilReady()
        worker.run().catch(suspect)
        return worker
      } catch (error) {
        suspect(error)
        await sleep(REOPEN_MS, closing)
      }
    }
    return null
  }

  async close(): Promise<void> {
    this.watch.close()
    await within(CLOSE_GRACE_MS, this.#pool.end())
  }
}

/** A worker waits for a notice of new jobs, and looks by itself when none has come for a while. */
const backendThatPolls: typeof createPostgresBackend = (name, options, factoryOptions) => {
  const backend = createPostgresBackend(name, options, factoryOptions)
  return Object.defineProperty(backend, 'maximumBlockTimeout', { value: LONGEST_WAIT_SEC })
}

/** Others may use BullMQ in the same database. */
const queueName = (topic: string): string => `stampcast.${topic}`
