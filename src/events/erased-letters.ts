import type { Database } from '../db/database.js'
import type { Journal } from './journal.js'

export interface ErasedLettersNeeds {
  readonly db: Database
  readonly journal: Journal
  /** Which of these customers were erased. */
  erasedAmong(customerIds: readonly string[]): Promise<ReadonlySet<string>>
}

const LOOKED_AT_ONCE = 200

/**
 * What comes later about an erased person, and is no event that could be applied, waits for somebody with its body: a few
 * such letters are looked at in each round, and those about erased people lose it.
 */
export const createErasedLetters = ({ db, journal, erasedAmong }: ErasedLettersNeeds) => {
  let afterSeq = 0
  return async (): Promise<number> => {
    const letters = await db.read(journal.waitingAbout({ afterSeq, limit: LOOKED_AT_ONCE }))
    afterSeq = letters.length < LOOKED_AT_ONCE ? 0 : (letters.at(-1)?.seq ?? 0)
    if (letters.length === 0) return 0
    const erased = await erasedAmong([...new Set(letters.flatMap(({ customerId }) => customerId ?? []))])
    const bodies = letters.filter(({ customerId }) => customerId !== null && erased.has(customerId))
    if (bodies.length > 0) await db.write(...bodies.map(({ id }) => journal.forgetBody({ id })))
    return bodies.length
  }
}
