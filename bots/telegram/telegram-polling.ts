import type { Update } from 'grammy/types'
import type { sleep as Sleep } from '../../src/clock.js'
import { describeError } from '../../src/errors.js'
import type { Log } from '../../src/log.js'
import type { TelegramApi } from './telegram-api.js'
import { classify, type Failure } from './telegram-errors.js'
import { ALLOWED_UPDATES, type TelegramUpdate, updateKey } from './telegram-updates.js'

export interface Polling {
  readonly telegram: TelegramApi
  /** Commits the rows; one that is there already (same `updateId`) is passed over. */
  store(updates: readonly TelegramUpdate[]): Promise<void>
  /** Telegram refuses this bot's identity; polling has ended. */
  onRefused(reason: string): void
  readonly signal: AbortSignal
  readonly log: Log
  readonly sleep: typeof Sleep
  /** 0 ≤ n < 1 */
  random?(): number
  /** How long Telegram may hold a request open while nothing comes. */
  readonly longPollSec?: number
}

const LONG_POLL_SEC = 25
const FIRST_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000

/** Somebody else polls with this token, or did until a moment ago: to insist would only throw the two out in turn. */
const CONFLICT_DELAY_MS = 15_000

/**
 * Fetches this bot's updates until `signal` is aborted or Telegram refuses the token. Rows are committed before Telegram
 * is told that they have arrived (with the next request), so a crash at any moment brings an update twice, never not at all.
 */
export const pollUpdates = async (polling: Polling): Promise<void> => {
  const { telegram, store, onRefused, signal, log, sleep, random = Math.random, longPollSec = LONG_POLL_SEC } = polling
  let failures = 0
  let webhookIsGone = false
  let offset: number | null = null

  const fetchUpdates = async (): Promise<Update[]> => {
    if (!webhookIsGone) await telegram.call.deleteWebhook({}, signal)
    webhookIsGone = true
    const wish = { timeout: longPollSec, limit: 100, allowed_updates: ALLOWED_UPDATES }
    const updates = await telegram.call.getUpdates(offset === null ? wish : { ...wish, offset }, signal)
    // Confirmed by this answer. Telegram's ids start anew after a quiet week, and an old offset would then hide new updates.
    offset = null
    return updates
  }

  const fetchAndStore = async (): Promise<Failure | null> => {
    let updates: Update[]
    try {
      updates = await fetchUpdates()
    } catch (error) {
      return classify(error)
    }
    try {
      const rows = updates.flatMap((update) => rowOf(update, log))
      if (rows.length > 0) await store(rows)
    } catch (error) {
      // Only the kind of error: a database's message may quote the rows.
      return { status: 'not_sent', reason: `not stored: ${error instanceof Error ? error.name : 'unknown'}` }
    }
    offset = nextOffset(updates)
    return null
  }

  while (!signal.aborted) {
    const failure = await fetchAndStore()
    if (signal.aborted) return
    if (failure === null) {
      failures = 0
      continue
    }
    if (failure.status === 'lane_down') return onRefused(failure.reason)
    failures += 1
    webhookIsGone &&= !isConflict(failure)
    const delayMs = delayAfter(failure, failures, random)
    log.warn({ reason: failure.reason, failures, delayMs }, eventOf(failure))
    await sleep(delayMs, signal)
  }
}

/** An update that names no chat concerns nobody; one that cannot be understood at all must not hold up the others. */
const rowOf = (update: Update, log: Log): TelegramUpdate[] => {
  try {
    const key = updateKey(update)
    return key ? [{ ...key, body: update }] : []
  } catch (error) {
    log.error({ updateId: update.update_id, reason: describeError(error) }, 'telegram.update_unreadable')
    return []
  }
}

const nextOffset = (updates: readonly Update[]): number | null => {
  const last = updates.at(-1)
  return last ? last.update_id + 1 : null
}

/** 409: another poller, or a webhook that was set meanwhile. */
const isConflict = (failure: Failure) => failure.reason.startsWith('409 ')

const eventOf = (failure: Failure) => (isConflict(failure) ? 'telegram.polled_by_another' : 'telegram.polling_failed')

/** Half the delay is random, so that many bots do not come back at once after an outage. */
const delayAfter = (failure: Failure, failures: number, random: () => number): number => {
  if (failure.status === 'not_sent' && failure.pauseLaneMs !== undefined) return failure.pauseLaneMs
  const backoffMs = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS)
  const delayMs = isConflict(failure) ? CONFLICT_DELAY_MS : backoffMs
  return Math.round(delayMs * (0.5 + random() / 2))
}
