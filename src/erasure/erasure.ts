import type { Bound, Database, Decision, Found, Reads } from '../db/database.js'
import type { ErasureStore } from './erasure-store.js'
import type { ChatPlace, Forgetter, Person } from './forgetter.js'

/** Makes customers tombstones; whoever owns the customers plugs it in. */
export interface Tombstones<Row = unknown> {
  /** Locks the customer, so that none of their events is applied meanwhile. */
  customer(values: { id: string }): Bound<readonly Row[]>
  /** Clears the row and keeps by what the person is known again; nothing for one who is a tombstone already. */
  bury(row: Row, now: number): readonly Bound<unknown>[]
}

export interface ErasureNeeds {
  readonly db: Database
  readonly store: ErasureStore
  readonly tombstones: Tombstones
  readonly chatsOf: (values: { customerId: string }) => Bound<readonly ChatPlace[]>
  readonly forgetters: readonly Forgetter[]
  /** What may go only when everything else has gone, in this order. */
  readonly lastly: readonly Forgetter[]
}

/** The commit that erases takes at most so many rows of each forgetter, so that it stays a short one. */
const ROWS_AT_ONCE = 50
const ROWS_OF_A_CHUNK = 200
/** By then whatever was in somebody's hand when the person was erased has been written down. */
const SETTLED_AFTER_MS = 60_000
const LOOK_AGAIN_MS = 5_000

const CUSTOMER = 'erased customer'
const CHATS = 'erased chats'
const tracesOf = ({ name }: Forgetter) => `traces ${name}`

/**
 * Erases customers: the tombstone, and all traces unless they are many, go in one commit. What is left, and what was under
 * way at that moment, is forgotten chunk by chunk; a row of `erasures` says that there is something to do, so that neither a
 * crash nor a lost wake ends it half-way.
 */
export const createErasure = (needs: ErasureNeeds) => {
  const { db, store, tombstones, chatsOf, forgetters, lastly } = needs

  /** What the erasing commit reads of a customer who has these chats. */
  const reads = (customerId: string, chats: readonly ChatPlace[], now: number): Reads => ({
    [CUSTOMER]: tombstones.customer({ id: customerId }),
    [CHATS]: chatsOf({ customerId }),
    ...Object.fromEntries(
      forgetters.map((each) => [tracesOf(each), each.traces({ customerId, chats, erasedAt: now }, ROWS_AT_ONCE)]),
    ),
  })

  /** Pure: what the erasing commit writes. */
  const erase = (customerId: string, known: readonly ChatPlace[], found: Found<Reads>, now: number) => {
    const [customer] = found[CUSTOMER] ?? []
    if (customer === undefined) return []
    const chats = (found[CHATS] ?? []) as readonly ChatPlace[]
    const traces = forgetters.map((each) => ({ each, rows: found[tracesOf(each)] ?? [] }))
    const isMore = traces.some(({ rows }) => rows.length >= ROWS_AT_ONCE) || chats.some(({ id }) => !isAmong(id, known))
    return [
      ...tombstones.bury(customer, now),
      ...traces.flatMap(({ each, rows }) => each.forget(rows, now)),
      store.add({ customerId, chats, erasedAt: now, dueAt: isMore ? now : now + SETTLED_AFTER_MS }),
    ]
  }

  /** Goes on with one erasure as far as it can now; resolves with when to look again (Unix ms), null when it is finished. */
  const goOn = async (customerId: string, now: number): Promise<number | null> => {
    const [erasure] = await db.read(store.byCustomer({ customerId }))
    if (!erasure) return null
    if (erasure.dueAt > now) return erasure.dueAt
    // A chat that was being linked at that moment is one of theirs too.
    const late = await db.read(chatsOf({ customerId }))
    const chats = [...erasure.chats, ...late.filter(({ id }) => !isAmong(id, erasure.chats))]
    const person: Person = { customerId, chats, erasedAt: erasure.erasedAt }
    const settledAt = erasure.erasedAt + SETTLED_AFTER_MS
    const isForgotten = await forgetAll(person)
    if (isForgotten && now >= settledAt && (await forgetLast(person))) {
      await db.write(store.remove({ customerId }))
      return null
    }
    const dueAt = isForgotten && now < settledAt ? settledAt : now + LOOK_AGAIN_MS
    await db.write(store.putOff({ customerId, chats, dueAt }))
    return dueAt
  }

  const forgetAll = async (person: Person): Promise<boolean> => {
    let isDone = true
    for (const forgetter of forgetters) if (!(await forgetBy(forgetter, person))) isDone = false
    return isDone
  }

  const forgetLast = async (person: Person): Promise<boolean> => {
    for (const forgetter of lastly) if (!(await forgetBy(forgetter, person))) return false
    return true
  }

  /** Resolves with false when something of it must wait. */
  const forgetBy = async (forgetter: Forgetter, person: Person): Promise<boolean> => {
    for (;;) {
      const left = await db.atomically(
        { traces: forgetter.traces(person, ROWS_OF_A_CHUNK) },
        ({ traces }, now): Decision<'none' | 'more' | 'must_wait'> => {
          const writes = forgetter.forget(traces, now)
          if (writes.length > 0) return { writes, result: 'more' }
          return { writes, result: traces.length === 0 ? 'none' : 'must_wait' }
        },
      )
      if (left !== 'more') return left === 'none'
    }
  }

  return {
    /** The chats that the reads of the erasing commit must know beforehand. */
    chatsOf: (customerId: string): Promise<readonly ChatPlace[]> => db.read(chatsOf({ customerId })),
    reads,
    erase,
    goOn,
  }
}

export type Erasure = ReturnType<typeof createErasure>

const isAmong = (id: string, chats: readonly ChatPlace[]): boolean => chats.some((chat) => chat.id === id)
