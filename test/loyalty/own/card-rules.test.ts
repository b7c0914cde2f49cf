import { describe, expect, test } from 'vitest'
import { AppError } from '../../../src/errors.js'
import { parseCardRules } from '../../../src/loyalty/own/card-rules.js'
import { parseVoucherTerms } from '../../../src/loyalty/own/voucher-offer.js'

const RULES = {
  title: 'Coffee card',
  goals: [
    { stamps: 3, reward: { kind: 'award', title: 'A cookie' } },
    { stamps: 8, reward: { kind: 'voucher', title: 'Free coffee', voucherTemplateId: 'vt_1' } },
  ],
  stamping: { kind: 'per_amount', perAmount: 500, currency: 'EUR', carriesRemainder: false },
  afterLastGoal: 'start_over',
}

const lottery = (...chances: number[]) => ({
  stamps: 5,
  reward: {
    kind: 'lottery',
    title: 'Wheel of coffee',
    variants: chances.map((chanceBp) => ({ kind: 'no_prize', title: 'Nothing', greeting: null, chanceBp })),
  },
})

const wrongFields = (parse: () => unknown): readonly string[] => {
  try {
    parse()
  } catch (error) {
    if (error instanceof AppError) return error.fields.map(({ field }) => field)
  }
  return []
}

describe('a card template', () => {
  test('is taken as it is given', () => {
    expect(parseCardRules(RULES)).toEqual(RULES)
    expect(parseCardRules({ ...RULES, goals: [lottery(9_999, 1)] })).toMatchObject({ goals: [{ stamps: 5 }] })
  })

  test.each([
    ['without a goal', { goals: [] }, 'goals'],
    ['with goals in the wrong order', { goals: [...RULES.goals].reverse() }, 'goals'],
    ['with two goals at one stamp', { goals: [RULES.goals[0], RULES.goals[0]] }, 'goals'],
    ['with a lottery of 99.99 %', { goals: [lottery(9_998, 1)] }, 'goals[0].reward.variants'],
    ['with a lottery of 100.01 %', { goals: [lottery(9_999, 2)] }, 'goals[0].reward.variants'],
    ['with a chance of a half basis point', { goals: [lottery(9_999.5, 0.5)] }, 'goals[0].reward.variants[0].chanceBp'],
    ['with a currency nobody knows', { stamping: { ...RULES.stamping, currency: 'euro' } }, 'stamping.currency'],
    ['that does not say what comes after', { afterLastGoal: undefined }, 'afterLastGoal'],
  ])('%s is refused', (_name, change, field) => {
    expect(wrongFields(() => parseCardRules({ ...RULES, ...change }))).toContain(field)
  })
})

describe('a voucher template', () => {
  const TERMS = {
    title: 'Free coffee',
    description: null,
    redeemCode: null,
    formats: ['qr'],
    validity: { kind: 'until', lastDay: '2028-02-29' },
    redemption: 'staff',
  }

  test('is taken as it is given', () => expect(parseVoucherTerms(TERMS)).toEqual(TERMS))

  test('ends on a day that the calendar has', () => {
    const until = (lastDay: string) => () => parseVoucherTerms({ ...TERMS, validity: { kind: 'until', lastDay } })
    expect(wrongFields(until('2027-02-29'))).toEqual(['validity.lastDay'])
    expect(wrongFields(until('29.02.2028'))).toEqual(['validity.lastDay'])
  })
})
