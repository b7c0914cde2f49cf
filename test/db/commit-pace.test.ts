import { describe, expect, test } from 'vitest'
import { CommitPace } from '../../src/db/commit-pace.js'

/** A file that others write to when a test says so. */
const sharedFile = () => {
  let version = 1
  return { readVersion: () => version, otherWrites: () => version++ }
}

/** As if a transaction had begun so long ago and ended now. */
const commit = (pace: CommitPace, tookMs: number) => pace.ended(performance.now() - tookMs)

describe('between two transactions on one file', () => {
  test('whoever is alone does not rest', () => {
    const pace = new CommitPace({ givesWay: true, readVersion: sharedFile().readVersion })
    commit(pace, 5)
    expect(pace.restMs).toBe(0)
  })

  test('a worker rests longer than it worked while somebody else writes, and takes less at a time', () => {
    const file = sharedFile()
    const pace = new CommitPace({ givesWay: true, readVersion: file.readVersion })
    const aloneMs = pace.maxMs
    file.otherWrites()
    commit(pace, 2)
    expect(pace.restMs).toBeGreaterThan(2)
    expect(pace.maxMs).toBeLessThan(aloneMs)
  })

  test('it does not rest for ever, however long the transaction was', () => {
    const file = sharedFile()
    const pace = new CommitPace({ givesWay: true, readVersion: file.readVersion })
    file.otherWrites()
    commit(pace, 60_000)
    expect(pace.restMs).toBeLessThan(10)
  })

  test('who answers requests gives way to nobody', () => {
    const file = sharedFile()
    const pace = new CommitPace({ givesWay: false, readVersion: file.readVersion })
    file.otherWrites()
    commit(pace, 5)
    expect(pace.restMs).toBe(0)
  })
})
