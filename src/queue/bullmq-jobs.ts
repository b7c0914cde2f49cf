import { z } from 'zod'

/**
 * What is stored of a wake. `now` jobs do the work, one at a time per id: BullMQ's deduplication holds the id from the add
 * to the end of the run, and `keepLastIfActive` turns whatever comes while it runs into exactly one more job. `at` and
 * `cron` jobs are alarm clocks: they wake the same id for now and are done, so that only `now` jobs ever meet an id.
 */
export interface Job {
  readonly name: JobName
  readonly data: JobData
  readonly opts: JobOptions
}

export type JobName = z.infer<typeof JobName>

interface JobOptions {
  readonly jobId?: string
  readonly delay?: number
  readonly timestamp?: number
  readonly deduplication?: { readonly id: string; readonly keepLastIfActive: boolean; readonly reschedule: boolean }
}

/** Ids only: what lies in a queue is readable to whoever reads the server. */
export type JobData = z.infer<typeof JobData>
const JobData = z.object({ id: z.string() })

const JobName = z.enum(['now', 'at', 'cron'])

/** Null for what this version of the program did not write. */
export const readJob = (name: string, data: unknown): { name: JobName; id: string } | null => {
  const [knownName, knownData] = [JobName.safeParse(name), JobData.safeParse(data)]
  return knownName.success && knownData.success ? { name: knownName.data, id: knownData.data.id } : null
}

/** `reschedule` lets a wake for now end the backoff of a failed run. */
export const nowJob = (id: string): Job => ({
  name: 'now',
  data: { id },
  opts: { deduplication: { id, keepLastIfActive: true, reschedule: true } },
})

/** Asked twice for one instant (Unix ms) it is one job. */
export const alarmJob = (id: string, at: number, now: number): Job => ({
  name: 'at',
  data: { id },
  opts: { jobId: alarmJobId(id, at), timestamp: now, delay: at - now },
})

/** BullMQ uses the colon for itself. */
export const alarmJobId = (id: string, at: number): string => `at.${encodeURIComponent(id)}.${at}`

export const schedulerId = (id: string): string => `cron.${encodeURIComponent(id)}`

/** The id BullMQ gives to the job of a scheduler's next instant (Unix ms). */
export const scheduledJobId = (scheduler: string, next: number): string => `repeat:${scheduler}:${next}`

/** A job leaves nothing behind, and is tried until it succeeds: the consumer of a topic decides what is given up. */
export const JOB_DEFAULTS = {
  attempts: 1_000_000,
  backoff: { type: 'custom' },
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 0,
} as const
