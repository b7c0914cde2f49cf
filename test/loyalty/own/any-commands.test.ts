import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CardRules } from '../../../src/loyalty/own/card-rules.js'
import { goalsBetween } from '../../../src/loyalty/own/stamping.js'
import { openTestSqlite, type TestDatabase } from '../../support/sqlite.js'
import { BUSINESS, openOwnBusiness } from './own-business.js'

const NOON = Date.parse('2026-05-11T09:00:00Z')

/** What a busy hour may bring, in any order and at the same time. `of` picks one of what is there by then. */
type Command =
  | { readonly do: 'stamp'; readonly count: number; readonly receipt: number | null }
  | { readonly do: 'undo stamp' | 'redeem' | 'undo redemption' | 'draw'; readonly of: number }

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant('stamp' as const),
    count: fc.integer({ min: 1, max: 6 }),
    receipt: fc.option(fc.integer({ min: 1, max: 6 })),
  }),
  fc.record({
    do: fc.constantFrom('undo stamp' as const, 'redeem' as const, 'undo redemption' as const, 'draw' as const),
    of: fc.nat(20),
  }),
)

/** Those of one group are asked for at the same time. */
const hour = fc.array(fc.array(command, { minLength: 1, maxLength: 4 }), { maxLength: 12 })

const afterLastGoal = fc.constantFrom('start_over' as const, 'stop' as const)

describe('whatever the order of commands', () => {
  let opened: TestDatabase
  let cafe: Awaited<ReturnType<typeof openOwnBusiness>>
  let visitors = 0
  beforeAll(async () => {
    opened = await openTestSqlite(() => NOON)
    cafe = await openOwnBusiness(opened.db)
  })
  afterAll(async () => {
    await cafe.close()
    await opened.close()
  })

  const openCard = async (rest: CardRules['afterLastGoal']) => {
    const customerId = `c_${String(++visitors).padStart(32, '0')}`
    await cafe.addCustomer(customerId)
    const save = { businessId: BUSINESS, id: null, now: NOON }
    const coffee = await cafe.saveVoucherTemplate({ ...save, key: 'coffee', terms: COFFEE })
    if (coffee.kind !== 'saved') throw new Error(coffee.reason)
    const rules = rulesFor(coffee.template.id, rest)
    const template = await cafe.saveCardTemplate({ ...save, key: rest, rules })
    if (template.kind !== 'saved') throw new Error(template.reason)
    const issued = await cafe.issueCard({ ...AT_NOON, customerId, templateId: template.template.id })
    if (issued.kind !== 'issued') throw new Error(issued.reason)
    return { customerId, cardId: issued.card.id, rules }
  }

  const rowsOf = async (cardId: string, customerId: string) => {
    const all = await cafe.allRows()
    return {
      card: all.cards.find(({ id }) => id === cardId),
      stamps: all.stamps.filter((row) => row.cardId === cardId),
      rewards: all.rewards.filter((row) => row.cardId === cardId),
      draws: all.draws.filter((row) => row.cardId === cardId),
      vouchers: all.vouchers.filter((row) => row.customerId === customerId),
      redemptions: all.redemptions.filter((row) => row.customerId === customerId),
    }
  }

  const run = async (one: Command, cardId: string, customerId: string): Promise<{ readonly kind: string }> => {
    const pick = <Row extends { readonly id: string }>(rows: readonly Row[], of: number): string =>
      rows[of % Math.max(1, rows.length)]?.id ?? 'nobody'
    const { stamps, vouchers, rewards } = await rowsOf(cardId, customerId)
    switch (one.do) {
      case 'stamp':
        return cafe.addStamps({
          ...AT_NOON,
          cardId,
          count: one.count,
          amount: null,
          receiptId: one.receipt === null ? null : `${cardId} ${one.receipt}`,
          key: null,
          by: { staffId: null, source: 'api' },
          byCustomerIds: [],
        })
      case 'undo stamp':
        return cafe.undoStamp({ ...AT_NOON, cardId, stampId: pick(stamps, one.of) })
      case 'redeem':
        return cafe.redeemVoucher({
          ...AT_NOON,
          voucherId: pick(vouchers, one.of),
          by: { staffId: null, customerId: null, via: 'api' },
          byCustomerIds: [],
          receiptId: null,
        })
      case 'undo redemption':
        return cafe.undoRedemption({ ...AT_NOON, voucherId: pick(vouchers, one.of) })
      case 'draw':
        return cafe.drawLottery({ ...AT_NOON, rewardId: pick(rewards, one.of) })
    }
  }

  test('no stamp is lost or counted twice, no voucher redeemed twice, and the journal tells it all', async () => {
    await fc.assert(
      fc.asyncProperty(hour, afterLastGoal, async (groups, rest) => {
        const { cardId, customerId, rules } = await openCard(rest)
        let redeemed = 0
        for (const group of groups) {
          const results = await Promise.all(group.map((one) => run(one, cardId, customerId)))
          redeemed += results.filter(({ kind }) => kind === 'redeemed').length
        }
        const { card, stamps, rewards, draws, vouchers, redemptions } = await rowsOf(cardId, customerId)
        const standing = stamps.filter(({ undoneAt }) => undoneAt === null)
        const total = standing.reduce((sum, { count }) => sum + count, 0)
        expect(card?.stampsTotal).toBe(total)

        const receipts = standing.flatMap(({ receiptId }) => receiptId ?? [])
        expect(new Set(receipts).size).toBe(receipts.length)

        const earned = rewards.filter(({ takenBackAt }) => takenBackAt === null)
        expect(earned.map(({ stampsTotal }) => stampsTotal).sort((a, b) => a - b)).toEqual(
          goalsBetween(rules, 0, total).map((goal) => goal.total),
        )

        expect(redemptions).toHaveLength(redeemed)
        const inUse = redemptions.filter(({ undoneAt }) => undoneAt === null).map(({ voucherId }) => voucherId)
        expect(new Set(inUse).size).toBe(inUse.length)
        expect(inUse.sort()).toEqual(vouchers.flatMap(({ id, state }) => (state === 'redeemed' ? [id] : [])).sort())
        const earnedIds = new Set(earned.map(({ id }) => id))
        expect(draws.every(({ rewardId }) => earnedIds.has(rewardId))).toBe(true)
      }),
      { numRuns: 40 },
    )
    expect(await cafe.replayed()).toEqual(await cafe.allRows())
  }, 60_000)
})

const AT_NOON = { businessId: BUSINESS, origin: 'till', locationId: null, now: NOON } as const

const COFFEE = {
  title: 'Free coffee',
  description: null,
  redeemCode: null,
  formats: [],
  validity: { kind: 'unlimited' },
  redemption: 'code',
} as const

const rulesFor = (voucherTemplateId: string, rest: CardRules['afterLastGoal']): CardRules => ({
  title: 'Coffee card',
  goals: [
    { stamps: 3, reward: { kind: 'voucher', title: 'Free coffee', voucherTemplateId } },
    {
      stamps: 7,
      reward: {
        kind: 'lottery',
        title: 'Wheel',
        variants: [
          { kind: 'voucher', title: 'A coffee', greeting: null, chanceBp: 5_000, voucherTemplateId },
          { kind: 'no_prize', title: 'Nothing', greeting: null, chanceBp: 5_000 },
        ],
      },
    },
    { stamps: 10, reward: { kind: 'award', title: 'A cake' } },
  ],
  stamping: { kind: 'per_order' },
  afterLastGoal: rest,
})
