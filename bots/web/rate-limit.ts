import { isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../src/clock.js'
import { AppError } from '../../src/errors.js'

export interface Rate {
  readonly burst: number
  readonly perMinute: number
}

/** The limiter forgets whom it has not seen for long, and of very many the oldest: it never grows. */
const MAX_KEYS = 20_000

interface Bucket {
  tokens: number
  at: number
}

/** A token bucket for each key, in this process. The result throws AppError('rate_limited') when a key's bucket is empty. */
export const createRateLimit = (rate: Rate, clock: Clock): ((key: string) => void) => {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_KEYS })
  const perMs = rate.perMinute / 60_000
  return (key) => {
    const now = clock()
    const known = buckets.get(key) ?? { tokens: rate.burst, at: now }
    const tokens = Math.min(rate.burst, known.tokens + Math.max(0, now - known.at) * perMs)
    buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now })
    if (tokens >= 1) return
    const retryAfterSec = Math.max(1, Math.ceil((1 - tokens) / perMs / 1_000))
    throw new AppError('rate_limited', `That was too fast. Try again in ${retryAfterSec} s.`, { retryAfterSec })
  }
}

/** Who an address belongs to: of IPv6 the /64, because a household or phone has all of it. */
export const networkOf = (ip: string | undefined): string => {
  if (ip === undefined || !isIPv6(ip) || ip.startsWith('::ffff:')) return ip ?? 'unknown'
  const [head = '', tail] = ip.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
