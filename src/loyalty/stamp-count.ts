/**
 * How many stamps are on a card, known from events that come in any order, some twice. An event either says how many there
 * are now, or only that some were added. The count is the newest number said and all that was added after it:
 *
 *   stamps = number said last + increments that are younger
 *
 * While no number was said the count is unknown, and increments are kept for the day it is.
 */
export interface StampCount {
  /** Null while unknown. */
  readonly stamps: number | null
  /** When the number it rests on was true (Unix ms). Whatever is not younger is contained in it. */
  readonly countsAt: number
  /** What `stamps` contains beyond that number, oldest first. */
  readonly increments: readonly Increment[]
}

export interface Increment {
  /** Of the event. */
  readonly id: string
  /** Unix ms */
  readonly at: number
  readonly count: number
}

export const UNKNOWN_COUNT: StampCount = { stamps: null, countsAt: 0, increments: [] }

/** A sender that never says a number is remembered this far back; a number older than that comes too late to count. */
const MAX_INCREMENTS = 50

/** The event said how many stamps there were at `at`. Of two numbers of the same moment the larger is the later one. */
export const withNumber = (known: StampCount, number: number, at: number): StampCount => {
  const base = baseOf(known)
  if (at < known.countsAt || (at === known.countsAt && base !== null && number <= base)) return known
  return countOf(
    number,
    at,
    known.increments.filter((increment) => increment.at > at),
  )
}

/** The event said that stamps were added, not how many there are now. */
export const withIncrement = (known: StampCount, added: Increment): StampCount => {
  if (added.at <= known.countsAt || known.increments.some(({ id }) => id === added.id)) return known
  const increments = [...known.increments, added].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const oldest = increments.length > MAX_INCREMENTS ? increments.shift() : undefined
  const base = baseOf(known)
  if (!oldest) return countOf(base, known.countsAt, increments)
  return countOf(base === null ? null : base + oldest.count, oldest.at, increments)
}

const sum = (increments: readonly Increment[]): number => increments.reduce((total, { count }) => total + count, 0)

const baseOf = ({ stamps, increments }: StampCount): number | null =>
  stamps === null ? null : stamps - sum(increments)

const countOf = (base: number | null, countsAt: number, increments: readonly Increment[]): StampCount => ({
  stamps: base === null ? null : base + sum(increments),
  countsAt,
  increments,
})
