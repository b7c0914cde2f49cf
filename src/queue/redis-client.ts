import { Cluster, Redis } from 'ioredis'
import { assertNever } from '../errors.js'
import { type RedisAddress, readRedisUrl } from './redis-address.js'

export type RedisClient = Redis | Cluster

/**
 * `asking` fails fast: a command for a server that is away is refused at once, one without an answer after 2 s.
 * `patient` waits for the server's return, as BullMQ's workers and subscriptions must.
 */
export type RedisMood = 'asking' | 'patient'

const MOODS = {
  asking: { maxRetriesPerRequest: 0, commandTimeout: 2_000 },
  patient: { maxRetriesPerRequest: null },
} as const

const CONNECTION = { connectTimeout: 2_000, keepAlive: 10_000 }

/** ioredis' own backoff comes back up to 18 s after the server. */
const reconnectDelayMs = (attempt: number): number => Math.min(50 * 2 ** attempt, 1_000)

/** Opens a connection, which comes back by itself for ever. The caller listens for `error`. */
export const openRedis = (url: string, mood: RedisMood): RedisClient => {
  const address = readRedisUrl(url)
  const options = { ...CONNECTION, ...MOODS[mood] }
  const enableOfflineQueue = mood === 'patient'
  switch (address.kind) {
    case 'single':
      return new Redis(address.url, { ...options, enableOfflineQueue, retryStrategy: reconnectDelayMs })
    case 'sentinel':
      return new Redis({
        ...options,
        ...login(address),
        enableOfflineQueue,
        retryStrategy: reconnectDelayMs,
        sentinelRetryStrategy: reconnectDelayMs,
        sentinels: [...address.nodes],
        name: address.name,
        db: address.db,
        enableTLSForSentinelMode: address.tls,
        ...(address.tls && { sentinelTLS: {} }),
      })
    case 'cluster':
      return new Cluster([...address.nodes], {
        enableOfflineQueue,
        clusterRetryStrategy: reconnectDelayMs,
        redisOptions: { ...options, ...login(address) },
      })
    default:
      return assertNever(address)
  }
}

const login = ({ username, password, tls }: Exclude<RedisAddress, { kind: 'single' }>) => ({
  ...(username && { username }),
  ...(password && { password }),
  ...(tls && { tls: {} }),
})
