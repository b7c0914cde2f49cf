import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CardRules } from '../../../src/loyalty/own/card-rules.js'
import {
  type Asked,
  goalsBetween,
  progressOf,
  type Standing,
  stamp,
  unstamp,
} from '../../../src/loyalty/own/stamping.js'

const goals = (...stamps: number[]): CardRules['goals'] =>
  stamps.map((each) => ({ stamps: each, reward: { kind: 'award', title: `at ${each}` } }))

const rules = (change: Partial<CardRules> = {}): CardRules => ({
  title: 'Coffee card',
  goals: goals(3, 8),
  stamping: { kind: 'per_order' },
  afterLastGoal: 'start_over',
  ...change,
})

const PER_5_EUROS = { kind: 'per_amount', perAmount: 500, currency: 'EUR', carriesRemainder: false } as const
const CARRYING = { ...PER_5_EUROS, carriesRemainder: true } as const

const order = (count: number | null = null): Asked => ({ count, amount: null })
const paid = (minor: number, currency = 'EUR'): Asked => ({ count: null, amount: { minor, currency } })
const at = (total: number, carried = 0): Standing => ({ total, carried })

describe('a stamping', () => {
  test('per order is one stamp, or as many as staff say', () => {
    expect(stamp(rules(), at(2), order())).toEqual({ kind: 'stamped', count: 1, after: at(3) })
    expect(stamp(rules(), at(2), order(4))).toEqual({ kind: 'stamped', count: 4, after: at(6) })
    expect(stamp(rules(), at(2), paid(10_000))).toEqual({ kind: 'stamped', count: 1, after: at(3) })
  })

  test('per amount is one for each full amount, and the rest is not carried', () => {
    const card = rules({ stamping: PER_5_EUROS })
    expect(stamp(card, at(0), paid(1_499))).toEqual({ kind: 'stamped', count: 2, after: at(2) })
    expect(stamp(card, at(0), paid(499))).toEqual({ kind: 'refused', reason: 'amount_too_small' })
    expect(stamp(card, at(0), paid(500, 'USD'))).toEqual({ kind: 'refused', reason: 'wrong_currency' })
    expect(stamp(card, at(0), order())).toEqual({ kind: 'refused', reason: 'amount_missing' })
  })

  test('where the template says so, the rest counts towards the next stamp', () => {
    const card = rules({ stamping: CARRYING })
    expect(stamp(card, at(0), paid(499))).toEqual({ kind: 'stamped', count: 0, after: at(0, 499) })
    expect(stamp(card, at(0, 499), paid(2))).toEqual({ kind: 'stamped', count: 1, after: at(1, 1) })
  })

  test('a mistyped amount does not make anybody rich', () => {
    expect(stamp(rules(), at(0), order(1_001))).toEqual({ kind: 'refused', reason: 'too_many_stamps' })
  })

  test('a card that stops at its last goal takes what is missing, and then no more', () => {
    const card = rules({ afterLastGoal: 'stop' })
    expect(stamp(card, at(7), order(3))).toEqual({ kind: 'stamped', count: 1, after: at(8) })
    expect(stamp(card, at(8), order())).toEqual({ kind: 'refused', reason: 'card_complete' })
  })

  test('any amounts in any order give the stamps of their sum, where the rest is carried', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 30 }), (amounts) => {
        const standing = amounts.reduce((known, amount) => {
          const stamped = stamp(rules({ stamping: CARRYING }), known, paid(amount))
          return stamped.kind === 'stamped' ? stamped.after : known
        }, at(0))
        const sum = amounts.reduce((total, amount) => total + amount, 0)
        expect(standing).toEqual(at(Math.floor(sum / 500), sum % 500))
      }),
    )
  })

  test('taken back at once it leaves the card as it was', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(499), fc.nat(20_000), (total, carried, amount) => {
        const before = at(total, carried)
        const stamped = stamp(rules({ stamping: CARRYING }), before, paid(amount))
        if (stamped.kind !== 'stamped') return
        const { count, after } = stamped
        expect(unstamp(after, { count, carriedChange: after.carried - carried }, carried)).toEqual(before)
      }),
    )
  })
})

describe('a card', () => {
  test('stays full until the next stamp begins a new round, which keeps the surplus', () => {
    expect(progressOf(rules(), 0)).toEqual({ stamps: 0, goalIndex: 0 })
    expect(progressOf(rules(), 3)).toEqual({ stamps: 3, goalIndex: 1 })
    expect(progressOf(rules(), 8)).toEqual({ stamps: 8, goalIndex: null })
    expect(progressOf(rules(), 9)).toEqual({ stamps: 1, goalIndex: 0 })
    expect(progressOf(rules(), 18)).toEqual({ stamps: 2, goalIndex: 0 })
  })

  test('that stops stays full', () => {
    expect(progressOf(rules({ afterLastGoal: 'stop' }), 8)).toEqual({ stamps: 8, goalIndex: null })
  })

  test('reaches several goals in one stamping, each round anew', () => {
    expect(goalsBetween(rules(), 2, 12)).toEqual([
      { goalIndex: 0, total: 3 },
      { goalIndex: 1, total: 8 },
      { goalIndex: 0, total: 11 },
    ])
    expect(goalsBetween(rules(), 8, 8)).toEqual([])
    expect(goalsBetween(rules({ afterLastGoal: 'stop' }), 2, 8)).toHaveLength(2)
  })

  test('reaches each goal once, however its stamps are spread', () => {
    const anyGoals = fc
      .uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 })
      .map((stamps) => goals(...stamps.sort((a, b) => a - b)))
    const anyStampings = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 })
    fc.assert(
      fc.property(anyGoals, anyStampings, (own, counts) => {
        const card = rules({ goals: own })
        let total = 0
        const oneByOne = counts.flatMap((count) => {
          const reached = goalsBetween(card, total, total + count)
          total += count
          return reached
        })
        expect(oneByOne).toEqual(goalsBetween(card, 0, total))
        const last = own.at(-1)?.stamps ?? 0
        for (const { goalIndex, total: reachedAt } of oneByOne)
          expect((reachedAt - (own[goalIndex]?.stamps ?? 0)) % last).toBe(0)
        const rounds = Math.floor(total / last)
        const begun = own.filter(({ stamps }) => stamps <= total % last).length
        expect(oneByOne).toHaveLength(rounds * own.length + begun)
      }),
    )
  })
})
