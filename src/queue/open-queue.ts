import type { Log } from '../log.js'
import { createInProcessQueue } from './in-process-queue.js'
import { createInProcessSignals } from './in-process-signals.js'
import type { Queue } from './queue.js'
import type { Signals } from './signals.js'

/**
 * Opens the queue and the signals that belong to the configured servers: Redis if there is one, else PostgreSQL if that is
 * the database, else in the process (and then no other process takes part). A server's library is loaded only where it
 * is used: it costs memory and start time.
 */
export const openQueue = async (options: {
  readonly redisUrl?: string | undefined
  readonly databaseUrl?: string | undefined
  readonly log: Log
}): Promise<{ queue: Queue; signals: Signals }> => {
  const { redisUrl, databaseUrl, log } = options
  if (redisUrl) return openOnRedis(redisUrl, log)
  if (databaseUrl) return openOnPostgres(databaseUrl, log)
  return { queue: createInProcessQueue({ log }), signals: createInProcessSignals({ log }) }
}

const openOnRedis = async (url: string, log: Log) => {
  const [{ createRedisQueue }, { createRedisSignals }] = await Promise.all([
    import('./redis-queue.js'),
    import('./redis-signals.js'),
  ])
  return { queue: await createRedisQueue({ url, log }), signals: createRedisSignals({ url, log }) }
}

const openOnPostgres = async (url: string, log: Log) => {
  const [{ createPostgresQueue }, { createPostgresSignals }] = await Promise.all([
    import('./postgres-queue.js'),
    import('./postgres-signals.js'),
  ])
  return { queue: await createPostgresQueue({ url, log }), signals: createPostgresSignals({ url, log }) }
}
