import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import type { CardRules } from '../../src/loyalty/own/card-rules.js'
import type { AddStamps } from '../../src/loyalty/own/commands/add-stamps.js'
import { drawVariant } from '../../src/loyalty/own/lottery-draw.js'
import type { VoucherTerms } from '../../src/loyalty/own/voucher-offer.js'
import { ANOTHER_BUSINESS, BUSINESS, OLENA, openOwnBusiness } from '../loyalty/own/own-business.js'

const NOON = Date.parse('2026-05-11T09:00:00Z')
const MINUTE_MS = 60_000

export interface OwnCardsDatabase {
  readonly db: Database
  /** The same data through another connection, as another process has it. */
  another(): Promise<Database>
  close(): Promise<void>
}

/** Cards of our own, on every database. */
export const ownCardsContract = (name: string, open: (clock: Clock) => Promise<OwnCardsDatabase>) => {
  describe(`cards of our own on ${name}`, () => {
    let opened: OwnCardsDatabase
    let cafe: Awaited<ReturnType<typeof openOwnBusiness>>
    let cardId: string
    beforeEach(async () => {
      opened = await open(() => NOON)
      cafe = await openOwnBusiness(opened.db)
      cardId = await issueCard(await saveTemplate())
    })
    afterEach(async () => {
      await cafe.close()
      await opened.close()
    })

    const saveTemplate = async (change: Partial<CardRules> = {}) => {
      const save = { businessId: BUSINESS, id: null, now: NOON }
      const coffee = await cafe.saveVoucherTemplate({ ...save, key: 'coffee', terms: COFFEE })
      if (coffee.kind !== 'saved') throw new Error(coffee.reason)
      const rules = { ...rulesFor(coffee.template.id), ...change }
      const saved = await cafe.saveCardTemplate({ ...save, key: null, rules })
      if (saved.kind !== 'saved') throw new Error(saved.reason)
      return saved.template.id
    }
    const issueCard = async (templateId: string | null, customerId = OLENA) => {
      const issued = await cafe.issueCard({ ...AT_NOON, templateId, customerId })
      if (issued.kind !== 'issued') throw new Error(issued.reason)
      return issued.card.id
    }
    const add = (change: Partial<AddStamps> = {}, by = cafe) => by.addStamps({ ...ONE_STAMP, cardId, ...change })
    const stampIdOf = async (change: Partial<AddStamps> = {}) => {
      const added = await add(change)
      if (added.kind !== 'stamped') throw new Error(added.kind)
      return added.stamp.id
    }
    const undo = (stampId: string, now = NOON) => cafe.undoStamp({ ...AT_NOON, cardId, stampId, now })
    const cardNow = async () => (await opened.db.read(cafe.loyalty.cardById({ id: cardId })))[0]
    const told = async (): Promise<string[]> => (await cafe.frames()).map(({ event }) => event)

    test('a customer gets one card of each template', async () => {
      const { kind, ...again } = await cafe.issueCard({ ...AT_NOON, templateId: null, customerId: OLENA })
      expect(kind).toBe('issued')
      expect(again).toMatchObject({ isNew: false, card: { id: cardId } })
      expect(await cardNow()).toMatchObject({ master: 'own', title: 'Coffee card', stamps: 0, goals: [3, 5, 8] })
      expect(await told()).toEqual(['card_issued'])
    })

    test('a stamp is in the history, and its event says how the card stands', async () => {
      const added = await add({ receiptId: 'r_1', locationId: 'loc_podil' })
      expect(added).toMatchObject({
        kind: 'stamped',
        card: { stamps: 1, stampsTotal: 1, goalIndex: 0 },
        stamp: { cardId, count: 1, receiptId: 'r_1', staffId: 'staff_anna', locationId: 'loc_podil', undoneAt: null },
        rewards: [],
      })
      expect((await cafe.frames())[1]).toMatchObject({
        event: 'stamp_added',
        location_id: 'loc_podil',
        card: { id: cardId, stamps: 1, stamps_goal: 8, stamps_total: 1, goals: [3, 5, 8], goal_index: 0 },
        stamp: { count: 1, source: 'staff_scanner', receipt_id: 'r_1' },
      })
    })

    test('several goals in one stamping each earn what they promise', async () => {
      const added = await add({ count: 9 })
      expect(added).toMatchObject({
        card: { stamps: 1, stampsTotal: 9 },
        rewards: [
          { type: 'voucher', goalIndex: 0, stampsTotal: 3 },
          { type: 'lottery', goalIndex: 1, stampsTotal: 5 },
          { type: 'award', goalIndex: 2, stampsTotal: 8 },
        ],
      })
      expect(await told()).toEqual([
        'card_issued',
        'stamp_added',
        ...['goal_reached', 'reward_issued', 'voucher_issued'],
        ...['goal_reached', 'reward_issued'],
        ...['goal_reached', 'reward_issued'],
      ])
      const vouchers = await opened.db.read(cafe.loyalty.vouchersOf({ customerId: OLENA, now: NOON }))
      expect(vouchers).toMatchObject([{ title: 'Free coffee', cardId, redeemCode: 'COFFEE', state: 'active' }])
    })

    test('64 stamps at the same time are 64 stamps', async () => {
      const added = await Promise.all(Array.from({ length: 64 }, () => add()))
      expect(added.filter(({ kind }) => kind === 'stamped')).toHaveLength(64)
      expect(await cardNow()).toMatchObject({ stampsTotal: 64, stamps: 8 })
      const { stamps, rewards } = await cafe.allRows()
      expect(stamps).toHaveLength(64)
      expect(rewards).toHaveLength(8 * 3)
      expect(await cafe.replayed()).toEqual(await cafe.allRows())
    })

    test('a receipt counts once, also in two processes and on two cards at once', async () => {
      const other = await opened.another()
      const theirs = await openOwnBusiness(other)
      await cafe.addCustomer(MAKSYM)
      const second = await issueCard(null, MAKSYM)
      const asked = Array.from({ length: 16 }, (_, index) =>
        add({ receiptId: 'r_1', cardId: index % 4 < 2 ? cardId : second }, index % 2 ? theirs : cafe),
      )
      const kinds = (await Promise.all(asked)).map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'stamped')).toHaveLength(1)
      expect(kinds.filter((kind) => kind === 'stamped_before')).toHaveLength(15)
      expect((await cafe.allRows()).stamps).toHaveLength(1)
      await theirs.close()
      await other.close()
    })

    test('so does a key', async () => {
      const asked = await Promise.all(Array.from({ length: 8 }, () => add({ key: 'request 7' })))
      expect(asked.filter(({ kind }) => kind === 'stamped')).toHaveLength(1)
      expect(await cardNow()).toMatchObject({ stampsTotal: 1 })
    })

    test('a mistaken stamp is taken back, with what it earned, and its receipt counts anew', async () => {
      await add({ count: 2 })
      const stampId = await stampIdOf({ count: 1, receiptId: 'r_1' })
      expect(await undo(stampId, NOON + MINUTE_MS)).toMatchObject({
        kind: 'undone',
        card: { stamps: 2, stampsTotal: 2 },
      })
      const { rewards, vouchers } = await cafe.allRows()
      expect(rewards).toMatchObject([{ takenBackAt: NOON + MINUTE_MS }])
      expect(vouchers).toMatchObject([{ state: 'expired' }])
      expect((await told()).slice(-2)).toEqual(['stamp_added', 'voucher_expired'])
      expect(await undo(stampId)).toEqual({ kind: 'refused', reason: 'already_undone' })
      expect(await add({ receiptId: 'r_1' })).toMatchObject({ kind: 'stamped', rewards: [{ type: 'voucher' }] })
      expect((await cafe.allRows()).vouchers.map(({ state }) => state).sort()).toEqual(['active', 'expired'])
      expect(await cafe.replayed()).toEqual(await cafe.allRows())
    })

    test('taking an older stamp back leaves what the card has reached without it', async () => {
      const first = await stampIdOf({ count: 2 })
      await add({ count: 4 })
      expect(await undo(first)).toMatchObject({ kind: 'undone', card: { stampsTotal: 4 } })
      const { rewards } = await cafe.allRows()
      expect(rewards.filter(({ takenBackAt }) => takenBackAt === null).map(({ stampsTotal }) => stampsTotal)).toEqual([
        3,
      ])
    })

    test('stamps of amounts that are all taken back leave nothing, in whatever order', async () => {
      const stamping = { kind: 'per_amount', perAmount: 1_000, currency: 'EUR', carriesRemainder: true } as const
      cardId = await issueCard(await saveTemplate({ stamping }))
      const paid = (minor: number) => stampIdOf({ count: null, amount: { minor, currency: 'EUR' } })
      for (const order of [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [2, 1, 0],
      ]) {
        const stamps = [await paid(300), await paid(800), await paid(50)]
        expect(await cardNow()).toMatchObject({ carriedAmount: 150 })
        for (const index of order) await undo(stamps[index] ?? '')
        expect([order, await cardNow()]).toMatchObject([order, { stampsTotal: 0, carriedAmount: 0 }])
      }
    })

    test('it is too late after a quarter of an hour, or once a reward was used', async () => {
      const stampId = await stampIdOf({ count: 3 })
      expect(await undo(stampId, NOON + 16 * MINUTE_MS)).toEqual({ kind: 'refused', reason: 'too_late' })
      const { rewards, vouchers } = await cafe.allRows()
      await redeem(vouchers[0]?.id ?? '')
      expect(await undo(stampId)).toEqual({ kind: 'refused', reason: 'reward_used', rewardId: rewards[0]?.id })
      await cafe.undoRedemption({ ...AT_NOON, voucherId: vouchers[0]?.id ?? '' })
      expect(await undo(stampId)).toMatchObject({ kind: 'undone' })
    })

    const redeem = (voucherId: string) =>
      cafe.redeemVoucher({
        ...AT_NOON,
        voucherId,
        by: { staffId: null, customerId: null, via: 'api' },
        byCustomerIds: [],
        receiptId: null,
      })

    test('a redemption is taken back within its time, and the voucher can be used again', async () => {
      await add({ count: 3 })
      const voucherId = (await cafe.allRows()).vouchers[0]?.id ?? ''
      const take = (now: number) => cafe.undoRedemption({ ...AT_NOON, voucherId, now })
      expect(await take(NOON)).toEqual({ kind: 'refused', reason: 'not_redeemed' })
      await redeem(voucherId)
      expect(await take(NOON + 16 * MINUTE_MS)).toEqual({ kind: 'refused', reason: 'too_late' })
      expect(await take(NOON + MINUTE_MS)).toMatchObject({ kind: 'undone', voucher: { state: 'active' } })
      expect(await redeem(voucherId)).toMatchObject({ kind: 'redeemed' })
      expect((await cafe.allRows()).redemptions).toHaveLength(2)
      expect(await cafe.replayed()).toEqual(await cafe.allRows())
    })

    test('a lottery is played once, and anybody can compute its result again', async () => {
      await add({ count: 5 })
      const { rewards } = await cafe.allRows()
      const lottery = rewards.find(({ type }) => type === 'lottery')?.id ?? ''
      const play = () => cafe.drawLottery({ ...AT_NOON, rewardId: lottery })
      const played = await Promise.all(Array.from({ length: 8 }, play))
      expect(played.filter((one) => one.kind === 'drawn' && one.isNew)).toHaveLength(1)
      const [draw] = (await cafe.allRows()).draws
      if (!draw) throw new Error('the draw is missing')
      expect(drawVariant(WHEEL.variants, draw.random, draw)).toEqual({
        seed: draw.seed,
        variantIndex: draw.variantIndex,
      })
      expect(played.every((one) => one.kind === 'drawn' && one.draw.seed === draw.seed)).toBe(true)
      expect(await cafe.replayed()).toEqual(await cafe.allRows())
      const [stamp] = (await cafe.allRows()).stamps
      expect(await undo(stamp?.id ?? '')).toEqual({ kind: 'refused', reason: 'reward_used', rewardId: lottery })
    })

    test('what is not a lottery is not played, nor one that was taken back', async () => {
      const stampId = await stampIdOf({ count: 5 })
      const { rewards } = await cafe.allRows()
      const rewardOf = (type: string) => rewards.find((reward) => reward.type === type)?.id ?? ''
      const play = (rewardId: string) => cafe.drawLottery({ ...AT_NOON, rewardId })
      expect(await play(rewardOf('voucher'))).toEqual({ kind: 'refused', reason: 'not_a_lottery' })
      expect(await play('rwd_nobody')).toEqual({ kind: 'refused', reason: 'not_found' })
      await undo(stampId)
      const lost = await cafe.allRows()
      expect(lost.rewards.every(({ takenBackAt }) => takenBackAt !== null)).toBe(true)
      expect(await play(rewardOf('lottery'))).toEqual({ kind: 'refused', reason: 'taken_back' })
    })

    test('a card goes on under the rules it was issued under, and new ones get the newest', async () => {
      const [{ templateId } = { templateId: null }] = (await cafe.allRows()).cards
      const save = { businessId: BUSINESS, id: templateId, key: null, now: NOON }
      const rules: CardRules = {
        ...rulesFor('vt_none'),
        goals: [{ stamps: 2, reward: { kind: 'award', title: 'Tea' } }],
      }
      expect(await cafe.saveCardTemplate({ ...save, rules })).toMatchObject({ template: { version: 2 } })
      await cafe.addCustomer(MAKSYM)
      const second = await issueCard(templateId, MAKSYM)
      await add({ count: 2 })
      expect(await add({ count: 2, cardId: second })).toMatchObject({ rewards: [{ title: 'Tea' }] })
      expect(await cardNow()).toMatchObject({ templateVersion: 1, goals: [3, 5, 8], stamps: 2 })
    })

    test('a template that promises what the business does not have is not saved', async () => {
      const save = { businessId: BUSINESS, id: null, key: null, now: NOON, rules: rulesFor('vt_none') }
      expect(await cafe.saveCardTemplate(save)).toEqual({ kind: 'refused', reason: 'voucher_template_not_found' })
      expect(await cafe.saveCardTemplate({ ...save, id: 'ct_none' })).toEqual({ kind: 'refused', reason: 'not_found' })
    })

    test('nobody stamps what is not there, another business’s, 7stamp’s, or a card of their own', async () => {
      expect(await add({ cardId: 'card_none' })).toEqual({ kind: 'refused', reason: 'not_found' })
      expect(await add({ businessId: ANOTHER_BUSINESS })).toEqual({ kind: 'refused', reason: 'not_found' })
      expect(await add({ byCustomerIds: [OLENA] })).toEqual({ kind: 'refused', reason: 'own_card' })
      const mine = await cardNow()
      if (!mine) throw new Error('the card is missing')
      await opened.db.write(cafe.loyalty.addCard({ ...mine, id: 'card_mirrored', master: '7stamp' }))
      expect(await add({ cardId: 'card_mirrored' })).toEqual({ kind: 'refused', reason: 'managed_by_7stamp' })
      expect(await told()).toEqual(['card_issued'])
    })
  })
}

const MAKSYM = 'c_0000000000000000000000000000000b'

const AT_NOON = { businessId: BUSINESS, origin: 'api', locationId: null, now: NOON } as const

const ONE_STAMP: Omit<AddStamps, 'cardId'> = {
  ...AT_NOON,
  count: null,
  amount: null,
  receiptId: null,
  key: null,
  by: { staffId: 'staff_anna', source: 'staff_scanner' },
  byCustomerIds: [],
}

const COFFEE: VoucherTerms = {
  title: 'Free coffee',
  description: 'Any size',
  redeemCode: 'COFFEE',
  formats: ['text', 'qr'],
  validity: { kind: 'months', months: 1 },
  redemption: 'staff',
}

const WHEEL = {
  kind: 'lottery',
  title: 'Wheel of coffee',
  variants: [
    { kind: 'award', title: 'A cookie', greeting: 'Enjoy!', chanceBp: 4_000 },
    { kind: 'try_again', title: 'Try again', greeting: null, chanceBp: 3_000 },
    { kind: 'no_prize', title: 'Nothing', greeting: null, chanceBp: 3_000 },
  ],
} as const

const rulesFor = (voucherTemplateId: string): CardRules => ({
  title: 'Coffee card',
  goals: [
    { stamps: 3, reward: { kind: 'voucher', title: 'Free coffee', voucherTemplateId } },
    { stamps: 5, reward: WHEEL },
    { stamps: 8, reward: { kind: 'award', title: 'A cake' } },
  ],
  stamping: { kind: 'per_order' },
  afterLastGoal: 'start_over',
})
