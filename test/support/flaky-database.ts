import type { Database } from '../../src/db/database.js'
import { AppError } from '../../src/errors.js'

export interface FlakyDatabase {
  readonly db: Database
  /** The next `times` decisions with this statement are committed, and the connection breaks before it can say so. */
  loseAnswer(statement: string, times?: number): void
  /** The next decision with this statement is committed, and from then on there is no connection until `mend`. */
  breakDownAfter(statement: string): void
  /** The next `times` decisions with this statement write nothing. */
  refuse(statement: string, times?: number, error?: Error): void
  /** Nothing is written at all until `mend`. */
  breakDown(): void
  mend(): void
}

const brokenConnection = () => new AppError('unavailable', 'the connection broke')

/** A real database behind a connection that breaks when a test says so. Reads go through. */
export const flaky = (real: Database): FlakyDatabase => {
  const lost = new Map<string, number>()
  const refused = new Map<string, { times: number; error: Error }>()
  let isDown = false
  let last: string | null = null

  const isLost = (names: readonly string[]): boolean => {
    const name = names.find((each) => (lost.get(each) ?? 0) > 0)
    if (name !== undefined) lost.set(name, (lost.get(name) ?? 0) - 1)
    return name !== undefined
  }
  const refusalOf = (names: readonly string[]): Error | null => {
    const refusal = names.flatMap((name) => refused.get(name) ?? []).find(({ times }) => times > 0)
    if (refusal) refusal.times--
    return refusal?.error ?? null
  }
  const atomically: Database['atomically'] = async (reads, decide) => {
    if (isDown) throw brokenConnection()
    let names: string[] = []
    // Once for a call: a real database may run its decision again.
    let refusal: Error | null | undefined
    const result = await real.atomically(reads, (found, now) => {
      const decision = decide(found, now)
      names = decision.writes.map(({ statement }) => statement.name)
      if (refusal === undefined) refusal = refusalOf(names)
      if (refusal) throw refusal
      return decision
    })
    if (last !== null && names.includes(last)) {
      last = null
      isDown = true
      throw brokenConnection()
    }
    if (isLost(names)) throw brokenConnection()
    return result
  }

  return {
    db: {
      kit: real.kit,
      tables: (declare) => real.tables(declare),
      read: (query) => real.read(query),
      atomically,
      write: (...writes) => atomically({}, () => ({ writes, result: undefined })),
      check: () => real.check(),
      close: () => real.close(),
    },
    loseAnswer: (statement, times = 1) => void lost.set(statement, times),
    breakDownAfter: (statement) => {
      last = statement
    },
    refuse: (statement, times = 1, error = brokenConnection()) => void refused.set(statement, { times, error }),
    breakDown: () => {
      isDown = true
    },
    mend: () => {
      isDown = false
    },
  }
}
