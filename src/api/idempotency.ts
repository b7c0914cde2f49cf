import { z } from 'zod'
import type { Sealing } from '../business/sealing.js'
import { type Database, type Decision, demand } from '../db/database.js'
import { AppError } from '../errors.js'
import { uuidV5 } from '../ids.js'
import type { createAnswerStore } from './answer-store.js'
import type { Answer } from './api-call.js'

/** A request that carries an Idempotency-Key. */
export interface KeyedRequest {
  /** Of the API key it came with. */
  readonly keyId: string
  readonly method: string
  readonly path: string
  readonly idempotencyKey: string
  readonly body: unknown
  /** Unix ms */
  readonly now: number
}

/** What the request is to do; `key` is for whoever makes ids, and the same each time. */
export type Work = (key: string, mayBeDone: boolean) => Promise<Answer>

/** Answers a request once: repeated, it gets the same answer. */
export type Idempotently = (request: KeyedRequest, work: Work) => Promise<Answer>

export interface IdempotencyNeeds {
  readonly db: Database
  readonly store: ReturnType<typeof createAnswerStore>
  readonly sealing: Sealing
}

/** So long a request may be repeated. */
const ANSWERS_KEPT_MS = 24 * 3_600_000
/** Longer than any call takes: a database that cannot is given up after 2 s. After it, whoever worked on the request is dead. */
const LEASE_MS = 10_000
const MS_PER_SEC = 1_000

const REPEATED = { 'Idempotent-Replayed': 'true' }

type Beginning =
  | { readonly kind: 'new' }
  /** Whoever began it at `beganAt` (Unix ms) died, or their answer cannot be read any more. */
  | { readonly kind: 'taken_over'; readonly beganAt: number }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'running'; readonly until: number }
  | { readonly kind: 'other_request' }

/**
 * The note of an answer is not in the batch of the change that it tells of. A process that dies between the two leaves a
 * request that was begun: the next one does the work again with the same ids, which finds what is done already.
 */
export const createIdempotency = ({ db, store, sealing }: IdempotencyNeeds): Idempotently => {
  const begin = (id: string, request: string, now: number): Promise<Beginning> =>
    db.atomically({ known: store.locked({ id }) }, ({ known: [known] }): Decision<Beginning> => {
      const fresh = { id, request, beganAt: now, leasedUntil: now + LEASE_MS }
      if (!known) return { writes: [demand(1, store.add(fresh))], result: { kind: 'new' } }
      if (now - known.beganAt >= ANSWERS_KEPT_MS) return { writes: [store.restart(fresh)], result: { kind: 'new' } }
      if (known.request !== request) return { writes: [], result: { kind: 'other_request' } }
      const answer = answerIn(sealing, known)
      if (answer !== null) return { writes: [], result: { kind: 'answered', answer } }
      if (known.status === null && known.leasedUntil > now)
        return { writes: [], result: { kind: 'running', until: known.leasedUntil } }
      const { beganAt } = known
      return { writes: [store.restart({ ...fresh, beganAt })], result: { kind: 'taken_over', beganAt } }
    })

  /** The same key after a day is another request: when it was begun is a part of what it makes ids from. */
  const run = async (id: string, beganAt: number, mayBeDone: boolean, work: Work): Promise<Answer> => {
    try {
      const answer = await work(`api ${id} ${beganAt}`, mayBeDone)
      const { status, headers = {}, body, customerId = null } = answer
      const sealed = sealing.seal(placeOf(id), JSON.stringify({ headers, body }))
      await db.write(store.finish({ id, status, sealed, customerId }))
      return answer
    } catch (error) {
      // After a fault nobody knows what was changed, and the lease keeps the next try waiting.
      if (error instanceof AppError && error.code !== 'unavailable')
        // What was refused at once changed nothing. One that may be done is known on, or a later try would do it twice.
        await db.write(mayBeDone ? store.release({ id }) : store.drop({ id }))
      throw error
    }
  }

  return async ({ keyId, method, path, idempotencyKey, body, now }, work) => {
    const id = uuidV5('api request', keyId, method, path, idempotencyKey)
    const beginning = await begin(id, sealing.fingerprint(JSON.stringify(['api request', body])), now)
    switch (beginning.kind) {
      case 'new':
        return run(id, now, false, work)
      case 'taken_over':
        return run(id, beginning.beganAt, true, work)
      case 'answered':
        return beginning.answer
      case 'running':
        throw new AppError('idempotency_key_in_use', 'A request with this Idempotency-Key is being answered: wait.', {
          retryAfterSec: (beginning.until - now) / MS_PER_SEC,
        })
      case 'other_request':
        throw new AppError(
          'idempotency_key_reused',
          'This Idempotency-Key was used for another request: give each request a key of its own.',
        )
    }
  }
}

const placeOf = (id: string) => ({ table: 'api_answers', column: 'sealed', rowId: id })

const kept = z.object({ headers: z.record(z.string(), z.string()), body: z.unknown() })

/** Null if there is none yet, or one that was sealed before the master key was changed. */
const answerIn = (
  sealing: Sealing,
  { id, status, sealed }: { readonly id: string; readonly status: number | null; readonly sealed: string | null },
): Answer | null => {
  if (status === null || sealed === null) return null
  try {
    const { headers, body } = kept.parse(JSON.parse(sealing.open(placeOf(id), sealed)))
    // What was stored was an answer's.
    return { status: status as Answer['status'], headers: { ...headers, ...REPEATED }, body }
  } catch (error) {
    if (error instanceof AppError && error.code === 'misconfigured') return null
    throw error
  }
}

/** A short transaction: other writers wait for it. */
const DROPPED_AT_ONCE = 500

/** Drops what cannot be repeated any more; resolves with how many. */
export const forgetOldAnswers = async (
  { db, store }: Pick<IdempotencyNeeds, 'db' | 'store'>,
  now: number,
): Promise<number> => {
  const old = await db.read(store.old({ before: now - ANSWERS_KEPT_MS, limit: DROPPED_AT_ONCE }))
  await db.write(...old.map(store.drop))
  return old.length
}
