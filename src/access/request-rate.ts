import { LRUCache } from 'lru-cache'

/** A bucket of `quota` requests that fills again within `windowSec`. */
export interface RateLimit {
  readonly quota: number
  readonly windowSec: number
}

export interface RateAnswer {
  readonly isAllowed: boolean
  /** Whole requests that are left. */
  readonly remaining: number
  /** Until the bucket is full again. */
  readonly fullInSec: number
  /** Until one more request is allowed; 0 if one is. */
  readonly retryAfterSec: number
}

/** Counts one request of `key` at `now` (Unix ms). */
export type CountRequest = (key: string, now: number) => RateAnswer

/** Keys counted; the one that was silent for longest is forgotten, and its bucket is full by then. */
const MAX_KEYS = 10_000

/** A bucket for each key, of this process: several processes allow as many times more. */
export const createRequestRate = ({ quota, windowSec }: RateLimit): CountRequest => {
  const buckets = new LRUCache<string, { readonly tokens: number; readonly at: number }>({ max: MAX_KEYS })
  const perMs = quota / (windowSec * 1_000)
  return (key, now) => {
    const { tokens, at } = buckets.get(key) ?? { tokens: quota, at: now }
    const filled = Math.min(quota, tokens + Math.max(0, now - at) * perMs)
    const isAllowed = filled >= 1
    const left = isAllowed ? filled - 1 : filled
    buckets.set(key, { tokens: left, at: Math.max(now, at) })
    return {
      isAllowed,
      remaining: Math.floor(left),
      fullInSec: Math.ceil((quota - left) / perMs / 1_000),
      retryAfterSec: left >= 1 ? 0 : Math.ceil((1 - left) / perMs / 1_000),
    }
  }
}
