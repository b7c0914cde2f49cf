import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import { canonical } from '../../src/events/aliases.js'
import { parseEvent } from '../../src/events/parse-event.js'
import { parseJson } from '../../src/http/json-boundary.js'
import { anyJson, brokenBytes, changedFrame, extreme, wronglyEncoded } from './bad-bodies.js'

const RECEIVED_AT = Date.parse('2026-05-11T13:00:00Z')

const read = (body: Buffer) => parseEvent(canonical(parseJson(body)), RECEIVED_AT)

const tally = { bodies: 0, events: 0, unrecognised: 0, invalid_json: 0, invalid_input: 0 }

/**
 * Whatever the body: an event that can be stored and read back as the same event, an unrecognised one, or a refusal of
 * ours. Anything else is thrown, and fast-check shows the smallest body that does it.
 */
const check = (body: Buffer): void => {
  tally.bodies++
  const parsed = readOrRefuse(body)
  if (parsed === null) return
  if (parsed.kind === 'unrecognised') {
    tally.unrecognised++
    if (parsed.name.length > 100) throw new Error('an unbounded name')
    return
  }
  tally.events++
  const json = JSON.stringify(parsed.event)
  if (/\\u0000|\\ud[89a-f]/i.test(json.replaceAll('\\\\', ''))) throw new Error('a string no database keeps')
  const again = read(Buffer.from(json))
  if (again.kind !== 'event' || JSON.stringify(again.event) !== json) throw new Error('reads back as something else')
  if (again.notes.length > 0) throw new Error(`unusable the second time: ${JSON.stringify(again.notes)}`)
}

const readOrRefuse = (body: Buffer) => {
  try {
    return read(body)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code !== 'invalid_json' && error.code !== 'invalid_input') throw error
    if (error.code === 'invalid_input' && error.fields.length === 0) throw new Error('no field is named')
    tally[error.code]++
    return null
  }
}

const RUNS = { changedFrames: 35_000, brokenBytes: 45_000, wronglyEncoded: 2_000, anything: 15_000, extremes: 5_000 }

describe('no body, however bad, does more than be refused', { timeout: 120_000 }, () => {
  const kinds = [
    { name: 'frames with odd values and members anywhere', bodies: changedFrame, runs: RUNS.changedFrames },
    { name: 'frames whose bytes were flipped, cut, doubled or mixed up', bodies: brokenBytes, runs: RUNS.brokenBytes },
    { name: 'frames in a wrong encoding', bodies: wronglyEncoded, runs: RUNS.wronglyEncoded },
    { name: 'any JSON at all, under the names of the frame', bodies: anyJson, runs: RUNS.anything },
    { name: 'very deep, very wide, very long', bodies: extreme, runs: RUNS.extremes },
  ]
  for (const { name, bodies, runs } of kinds)
    test(name, () => {
      fc.assert(fc.property(bodies, check), { numRuns: runs })
    })
})

afterAll(() => {
  expect(tally.bodies).toBeGreaterThanOrEqual(100_000)
  // The generators must reach every outcome, or they prove little.
  for (const outcome of [tally.events, tally.unrecognised, tally.invalid_json, tally.invalid_input])
    expect(outcome).toBeGreaterThan(1_000)
})
