import { LRUCache } from 'lru-cache'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import { JobBatch } from './bullmq-batch.js'
import { alarmJob, alarmJobId, nowJob, readJob, scheduledJobId, schedulerId } from './bullmq-jobs.js'
import type { BullmqProducer, BullmqServer, BullmqWorker, ProcessJob } from './bullmq-server.js'
import { nextRun } from './cron.js'
import type { Queue, Worker, WorkOptions } from './queue.js'
import { within } from './within.js'

/** The port on BullMQ, whichever server keeps the jobs. */
export const createBullmqQueue = (server: BullmqServer, log: Log): Queue => new BullmqQueue(server, log)

/** How long an alarm that was stored is trusted to be there still. A server that forgot everything is asked again. */
const ALARM_TRUST_MS = 5_000
const MAX_TRUSTED_ALARMS = 10_000
/** Once the runs have ended, this is how long BullMQ may take to say so to a server that does not answer. */
const CLOSE_GRACE_MS = 2_000

/** The earliest wake for later that this process asked of an id. */
interface Alarm {
  readonly at: number
  readonly stored: Promise<void>
}

interface Consumer {
  readonly topic: string
  readonly run: (id: string) => Promise<void>
  readonly runs: Map<string, Promise<void>>
  closing: boolean
}

class BullmqQueue implements Queue {
  readonly #server: BullmqServer
  readonly #log: Log
  readonly #producers = new Map<string, Promise<BullmqProducer>>()
  readonly #batches = new Map<string, JobBatch>()
  readonly #workers = new Map<string, Worker>()
  readonly #alarms = new LRUCache<string, Alarm>({ max: MAX_TRUSTED_ALARMS, ttl: ALARM_TRUST_MS })
  #closed: Promise<void> | null = null

  constructor(server: BullmqServer, log: Log) {
    this.#server = server
    this.#log = log
    server.watch.onReturn(() => this.#alarms.clear())
  }

  async wake(topic: string, id: string, at?: number): Promise<void> {
    this.#refuseWhenAway()
    const now = Date.now()
    if (at !== undefined && at > now) await this.#setAlarm(topic, id, at, now)
    else await this.#batch(topic).add(`now ${id}`, nowJob(id))
  }

  async repeat(topic: string, id: string, cron: string, timeZone: string): Promise<void> {
    this.#refuseWhenAway()
    nextRun(cron, timeZone, Date.now())
    const scheduler = schedulerId(id)
    await this.#ask(topic, async (producer) => {
      if (await isScheduled(producer, scheduler, cron, timeZone)) return
      try {
        await producer.upsertJobScheduler(scheduler, { pattern: cron, tz: timeZone }, { name: 'cron', data: { id } })
      } catch (error) {
        // Another process may have asked for the same at the same moment.
        if (!(await isScheduled(producer, scheduler, cron, timeZone))) throw error
      }
    })
  }

  async work(topic: string, options: WorkOptions, run: (id: string) => Promise<void>): Promise<Worker> {
    if (this.#closed !== null) throw closed()
    if (this.#workers.has(topic)) throw new AppError('conflict', `the topic ${topic} is worked already`)
    const consumer: Consumer = { topic, run, runs: new Map(), closing: false }
    const bullmqWorker = this.#server.startWorker(topic, options.concurrency, (job) => this.#process(consumer, job))
    let closing: Promise<void> | null = null
    const close = (): Promise<void> => {
      closing ??= this.#closeWorker(bullmqWorker, consumer)
      return closing
    }
    const worker = { close }
    this.#workers.set(topic, worker)
    return worker
  }

  onReconnect(listener: () => void): void {
    this.#server.watch.onReturn(listener)
  }

  async check(): Promise<void> {
    this.#refuseWhenAway()
    await this.#server.watch.check().catch(rejectAsUnavailable)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()))
    await this.#server.close()
  }

  #refuseWhenAway(): void {
    if (this.#closed !== null) throw closed()
    if (!this.#server.watch.isUp()) throw new AppError('unavailable', 'the queue server is away')
  }

  async #ask<T>(topic: string, question: (producer: BullmqProducer) => Promise<T>): Promise<T> {
    try {
      return await question(await this.#producer(topic))
    } catch (error) {
      this.#server.watch.suspect(error)
      return rejectAsUnavailable(error)
    }
  }

  /** Opened when first needed; one that could not be opened is tried again. */
  #producer(topic: string): Promise<BullmqProducer> {
    const known = this.#producers.get(topic)
    if (known !== undefined) return known
    const opening = this.#server.openProducer(topic)
    this.#producers.set(topic, opening)
    opening.catch(() => this.#producers.delete(topic))
    return opening
  }

  #batch(topic: string): JobBatch {
    const known = this.#batches.get(topic)
    if (known) return known
    const batch = new JobBatch(async (jobs) => {
      await this.#ask(topic, (producer) => producer.addBulk(jobs))
    })
    this.#batches.set(topic, batch)
    return batch
  }

  /**
   * Stores an alarm before the one it overtakes is taken away, so that the earliest is there at every moment. A later one
   * that another process asked for costs one run too many.
   */
  #setAlarm(topic: string, id: string, at: number, now: number): Promise<void> {
    const key = JSON.stringify([topic, id])
    const known = this.#alarms.get(key)
    const standing = known && known.at > now ? known : undefined
    if (standing && standing.at <= at) return standing.stored
    const stored = this.#batch(topic).add(alarmJobId(id, at), alarmJob(id, at, now))
    const alarm = { at, stored }
    this.#alarms.set(key, alarm)
    void stored.then(
      () => standing && this.#removeAlarm(topic, id, standing),
      () => this.#alarms.get(key) === alarm && this.#alarms.delete(key),
    )
    return stored
  }

  async #removeAlarm(topic: string, id: string, alarm: Alarm): Promise<void> {
    try {
      await alarm.stored
      await this.#ask(topic, (producer) => producer.remove(alarmJobId(id, alarm.at)))
    } catch {
      // It rings, and one run too many does no harm.
    }
  }

  async #process(consumer: Consumer, job: Parameters<ProcessJob>[0]): Promise<'done' | 'declined'> {
    // BullMQ takes one more job when a wait for jobs ends because the worker closes.
    if (consumer.closing) return 'declined'
    const known = readJob(job.name, job.data)
    if (!known) this.#log.error({ topic: consumer.topic, name: job.name }, 'queue.unknown_job')
    else if (known.name === 'now') await this.#runAlone(consumer, known.id, job.attemptsMade)
    else await this.wake(consumer.topic, known.id)
    return 'done'
  }

  /** A server that forgot everything may hand out an id again while it is still worked here. */
  async #runAlone(consumer: Consumer, id: string, failures: number): Promise<void> {
    const { runs } = consumer
    for (let before = runs.get(id); before; before = runs.get(id)) await before
    const running = this.#run(consumer, id, failures)
    const ended = running.catch(() => undefined).finally(() => runs.delete(id))
    runs.set(id, ended)
    await running
  }

  async #run({ topic, run }: Consumer, id: string, failures: number): Promise<void> {
    try {
      await run(id)
    } catch (error) {
      this.#log.warn({ topic, id, failures: failures + 1, error: describeError(error) }, 'queue.run_failed')
      // BullMQ stores the message: it shall not carry what the error says about a customer.
      throw new Error('the run failed')
    }
  }

  async #closeWorker(worker: BullmqWorker, consumer: Consumer): Promise<void> {
    consumer.closing = true
    const closed = worker.close()
    while (consumer.runs.size > 0) await Promise.all(consumer.runs.values())
    await within(CLOSE_GRACE_MS, closed)
    this.#workers.delete(consumer.topic)
  }
}

const closed = (): AppError => new AppError('unavailable', 'the queue is closed')

const rejectAsUnavailable = (cause: unknown): never => {
  throw new AppError('unavailable', 'the queue server does not answer', { cause })
}

/**
 * True when just this schedule stands and its next job is there. To ask BullMQ again would replace the next job, and lose
 * an instant that has come and waits for a free worker.
 */
const isScheduled = async (
  producer: BullmqProducer,
  scheduler: string,
  cron: string,
  timeZone: string,
): Promise<boolean> => {
  const known = await producer.getJobScheduler(scheduler)
  if (known?.pattern !== cron || known.tz !== timeZone || !known.next) return false
  return (await producer.getJob(scheduledJobId(scheduler, known.next))) !== undefined
}
