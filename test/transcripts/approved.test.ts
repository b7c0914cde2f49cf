import { expect, test } from 'vitest'
import { approvedFiles } from './approve.js'
import { filesOf, SCENARIOS } from './scenarios.js'

test('every approved transcript has its scenario', () => {
  const played = SCENARIOS.flatMap(filesOf)
  expect(new Set(played).size).toBe(played.length)
  expect(approvedFiles(played)).toEqual(played.toSorted())
})
