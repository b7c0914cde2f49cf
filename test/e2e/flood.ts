import type { Arbitrary } from 'fast-check'
import fc from 'fast-check'
import { Pool } from 'undici'

export interface Flood {
  /** How many requests were answered with each status. */
  readonly counts: Readonly<Record<string, number>>
  /** How what was answered with a fault of ours began. */
  readonly faults: readonly string[]
  readonly perSec: number
}

const FAULTS_SHOWN = 5
const SHOWN_BYTES = 300
const GENERATED_AT_ONCE = 500

/** The same `count` values for the same seed, made while they are needed. */
export function* generated<T>(arbitrary: Arbitrary<T>, count: number, seed: number): Generator<T> {
  for (let made = 0; made < count; made += GENERATED_AT_ONCE)
    yield* fc.sample(arbitrary, { numRuns: Math.min(GENERATED_AT_ONCE, count - made), seed: seed + made })
}

/** Posts all bodies as JSON on kept connections, `atOnce` at a time. Rejects when a connection breaks. */
export const flood = async (
  url: string,
  bodies: Iterable<Buffer>,
  { atOnce, headers = {} }: { readonly atOnce: number; readonly headers?: Readonly<Record<string, string>> },
): Promise<Flood> => {
  const { origin, pathname: path } = new URL(url)
  const pool = new Pool(origin, { connections: atOnce, pipelining: 1 })
  const left = bodies[Symbol.iterator]()
  const counts: Record<string, number> = {}
  const faults: string[] = []
  const startedAt = performance.now()
  let asked = 0

  const postOne = async (body: Buffer): Promise<void> => {
    const options = { path, method: 'POST' as const, headers: { 'content-type': 'application/json', ...headers }, body }
    const { statusCode, body: answer } = await pool.request(options)
    await answer.dump()
    counts[statusCode] = (counts[statusCode] ?? 0) + 1
    if (statusCode >= 500 && faults.length < FAULTS_SHOWN)
      faults.push(`${statusCode} for ${body.length} bytes: ${body.subarray(0, SHOWN_BYTES).toString('latin1')}`)
  }
  const postOn = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) {
      asked++
      await postOne(next.value)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, postOn))
  } finally {
    await pool.destroy()
  }
  return { counts, faults, perSec: Math.round(asked / ((performance.now() - startedAt) / 1_000)) }
}
