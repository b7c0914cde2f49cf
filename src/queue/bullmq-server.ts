import { type QueueOptions, type Job as StoredJob, WaitingError, type WorkerOptions } from 'bullmq'
import { retryDelayMs } from './backoff.js'
import { JOB_DEFAULTS, type Job, type JobData } from './bullmq-jobs.js'
import { nextRun } from './cron.js'
import type { ServerWatch } from './server-watch.js'

/** The server on which BullMQ keeps its jobs: Redis or PostgreSQL. */
export interface BullmqServer {
  readonly watch: ServerWatch
  /** What adds jobs of a topic. Rejects within a few seconds when the server is away, as all it gives does. */
  openProducer(topic: string): Promise<BullmqProducer>
  /** Starts to take jobs, now or when the server comes back. */
  startWorker(topic: string, concurrency: number, process: ProcessJob): BullmqWorker
  /** Ends all connections, also those that wait for a server which is away. */
  close(): Promise<void>
}

/** The part of BullMQ's `Queue` in use here. */
export interface BullmqProducer {
  addBulk(jobs: Job[]): Promise<unknown>
  remove(jobId: string): Promise<unknown>
  getJob(jobId: string): Promise<unknown>
  getJobScheduler(id: string): Promise<{ pattern?: string; tz?: string; next?: number } | undefined>
  upsertJobScheduler(
    id: string,
    schedule: { pattern: string; tz: string },
    template: { name: string; data: JobData },
  ): Promise<unknown>
}

export interface BullmqWorker {
  /** Takes no new job, and resolves when what runs has ended and the server knows. */
  close(): Promise<void>
}

/**
 * Does what a job asks, or declines it, for another worker to take. `attemptsMade` counts the failed tries so far; to
 * throw is one more.
 */
export type ProcessJob = (job: { name: string; data: unknown; attemptsMade: number }) => Promise<'done' | 'declined'>

/** The processor that a worker of BullMQ runs. */
export const processorOf =
  (process: ProcessJob) =>
  async (job: StoredJob<unknown>, token?: string): Promise<void> => {
    if ((await process(job)) === 'done') return
    await job.moveToWait(token)
    throw new WaitingError()
  }

/** One reading of cron for all queues; BullMQ's own differs in the hours when clocks change. */
const repeatStrategy = (afterMs: number, { pattern, tz }: { pattern?: string; tz?: string }): number =>
  nextRun(pattern ?? '', tz ?? 'UTC', afterMs)

/** Nobody reads BullMQ's stream of events. */
const MAX_EVENTS = 100

export const PRODUCER_OPTIONS = {
  defaultJobOptions: JOB_DEFAULTS,
  streams: { events: { maxLen: MAX_EVENTS } },
  settings: { repeatStrategy },
} as const satisfies Omit<QueueOptions, 'connection'>

/**
 * A job whose worker was killed is taken up again 12 s later at the latest: its lock ends after 10 s, and is looked for
 * every second, twice. BullMQ's own values need a minute.
 */
export const workerOptions = (concurrency: number) =>
  ({
    concurrency,
    lockDuration: 10_000,
    stalledInterval: 1_000,
    maxStalledCount: 1_000_000,
    // How long one wait for a job lasts, in seconds. A notice that got lost costs no more.
    drainDelay: 5,
    runRetryDelay: 1_000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    settings: { repeatStrategy, backoffStrategy: (attemptsMade: number) => retryDelayMs(attemptsMade) },
  }) as const satisfies Omit<WorkerOptions, 'connection'>
