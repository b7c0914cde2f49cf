import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { NOON } from '../events/pipeline.js'
import { type GuestBook, openGuestBook } from '../notify/guest-book.js'
import { LOCALES } from '../notify/locale-texts.js'

const frame = (event: string, more: object = {}) => ({
  event,
  timestamp: new Date(NOON - 1_000).toISOString(),
  business_id: 'b_123',
  customer: { id: 'c_789', language: 'en', name: 'Olena Koval' },
  card: { id: 'card_001' },
  ...more,
})
const card = (stamps: number) => ({ card: { id: 'card_001', title: 'Coffee card', stamps, stamps_goal: 8 } })
const voucher = (id: string, title = 'Free coffee') => ({
  voucher: { id, title, redeem_code: 'FREE', redeem_code_formats: ['text', 'qr'] },
})
const stamp = (stamps: number) =>
  frame('stamp_added', { ...card(stamps), stamp: { count: 1, receipt_id: `r_${stamps}` } })
const STAMP = stamp(8)
// A count that a goal told first would be no news any more when the stamp tells it.
const GOAL = frame('goal_reached')
const REWARD = frame('reward_issued', { reward: { type: 'award', title: 'A cookie' } })
const VOUCHER = frame('voucher_issued', voucher('v_555'))
const REDEEMED = frame('voucher_redeemed', { ...voucher('v_555'), timestamp: new Date(NOON).toISOString() })
const CARD = 'Coffee card, No. card_001'

const ordersOf = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) => ordersOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))

/** One visit is one message, on every database. */
export const visitMessagesContract = (
  name: string,
  open: (clock: Clock) => Promise<{ readonly db: Database; close(): Promise<void> }>,
) => {
  describe(`messages of a visit on ${name}`, () => {
    let wording: Wording
    let opened: Awaited<ReturnType<typeof open>>
    let book: GuestBook
    let now: number
    beforeAll(async () => {
      wording = await createWording(LOCALES)
    })
    beforeEach(async () => {
      now = NOON
      opened = await open(() => now)
      book = await openGuestBook(opened.db, () => now, wording)
    })
    afterEach(async () => {
      await book.close()
      await opened.close()
    })

    test.each(
      ordersOf([STAMP, GOAL, REWARD, VOUCHER]).map(
        (order) => [order.map(({ event }) => event).join(', '), order] as const,
      ),
    )('%s within 2 s are one message, led by the voucher, with every fact of the others', async (_, order) => {
      for (const each of order) {
        await book.tell(each)
        now += 500
      }
      const [message, ...more] = await book.waiting()
      expect(more).toEqual([])
      expect(message).toMatchObject({
        event: 'voucher_issued',
        dueAt: NOON + 2_000,
        voucherId: expect.any(String),
        picture: { kind: 'voucher' },
        silent: false,
        buttons: ['Copy the code', 'My vouchers'],
      })
      expect(message?.lines).toEqual([
        '🎁 A voucher from Demo Coffee: Free coffee',
        'Code: FREE',
        expect.stringMatching(/^Voucher No\. /),
        'You have reached a goal',
        'Your reward: A cookie',
        'Stamps: 8 of 8 (+1)',
        CARD,
      ])
      const others = (await book.planned()).filter(({ id, chatId }) => id !== message?.id && chatId === 'olena')
      expect(others.map(({ event }) => event).sort()).toEqual(['goal_reached', 'reward_issued', 'stamp_added'])
      for (const each of others)
        expect(each).toMatchObject({ state: 'skipped', reason: 'merged', mergedInto: message?.id })
    })

    test('one thing alone is held 2 s and says what it always says', async () => {
      await book.tell(STAMP)
      expect(await book.waiting()).toMatchObject([
        {
          dueAt: NOON + 2_000,
          carries: null,
          silent: true,
          lines: ['+1 stamp at Demo Coffee!', 'Stamps: 8 of 8', CARD],
        },
      ])
    })

    test('what belongs to no card is not held: nothing can join it', async () => {
      await book.tell({ ...REWARD, card: undefined }, STAMP)
      expect((await book.waiting()).map(({ event, dueAt }) => [event, dueAt])).toEqual([
        ['reward_issued', NOON],
        ['stamp_added', NOON + 2_000],
      ])
    })

    test('the team’s alert, edits and receipts are not held', async () => {
      await book.tell(GOAL, VOUCHER)
      const [message] = await book.waiting()
      const record = await book.send(message?.id ?? '')
      await record()
      now += 60_000
      await book.tell(REDEEMED)
      const unheld = (await book.planned()).filter(({ purpose }) => purpose !== 'event')
      expect(unheld).toMatchObject([
        { purpose: 'alert', state: 'pending', dueAt: NOON },
        { purpose: 'edit', state: 'pending', dueAt: now },
        { purpose: 'receipt', state: 'pending', dueAt: now },
      ])
    })

    test('stamps of one visit are added up, without sound', async () => {
      await book.tell(stamp(3), stamp(4))
      expect(await book.waiting()).toMatchObject([
        {
          silent: true,
          lines: ['+2 stamps at Demo Coffee!', 'Stamps: 4 of 8', '4 more stamps to your next reward', CARD],
        },
      ])
    })

    test('what has begun to leave is left alone: what comes then goes by itself, after its own hold', async () => {
      await book.tell(STAMP)
      const [first] = await book.waiting()
      now += 2_000
      const record = await book.send(first?.id ?? '')
      await book.tell(GOAL)
      await record()
      now += 100
      await book.tell(REWARD)
      expect(await book.waiting()).toMatchObject([
        { event: 'goal_reached', dueAt: NOON + 4_000, lines: expect.arrayContaining(['Your reward: A cookie']) },
      ])
    })

    test('what could not leave yet takes up what comes within 10 s of it, and no later', async () => {
      await book.tell(STAMP)
      now += 10_000
      await book.tell(GOAL)
      now += 1
      await book.tell(REWARD)
      expect((await book.waiting()).map(({ event }) => event)).toEqual(['goal_reached', 'reward_issued'])
    })

    test('another card’s visit is another message', async () => {
      await book.tell(STAMP, frame('goal_reached', { card: { id: 'card_002', stamps: 3, stamps_goal: 3 } }))
      expect((await book.waiting()).map(({ event }) => event)).toEqual(['stamp_added', 'goal_reached'])
    })

    test('each voucher has a message of its own, with its code to scan and to be edited when it is redeemed', async () => {
      await book.tell(VOUCHER, STAMP, frame('voucher_issued', voucher('v_556', 'Free tea')))
      const waiting = await book.waiting()
      expect(waiting.map(({ event }) => event)).toEqual(['voucher_issued', 'voucher_issued'])
      expect(waiting[0]?.lines).toContain('Stamps: 8 of 8 (+1)')
      expect(waiting[1]?.lines[0]).toContain('Free tea')
    })

    describe('a voucher that is redeemed while its message is held', () => {
      test('is not told any more, but the stamp and the goal that came with it are', async () => {
        await book.tell(STAMP, VOUCHER, GOAL)
        now += 1_000
        await book.tell(REDEEMED)
        const rows = (await book.planned()).filter(({ chatId }) => chatId === 'olena')
        const rowOf = (event: string) => rows.find((row) => row.event === event && row.purpose === 'event')
        expect(rowOf('voucher_issued')).toMatchObject({ state: 'cancelled', reason: 'superseded' })
        expect(rowOf('goal_reached')).toMatchObject({
          state: 'pending',
          reason: null,
          mergedInto: null,
          dueAt: NOON + 2_000,
          voucherId: null,
          lines: ['🎉 You have reached a goal at Demo Coffee!', 'Stamps: 8 of 8 (+1)', CARD],
        })
        expect(rowOf('stamp_added')).toMatchObject({
          state: 'skipped',
          reason: 'merged',
          mergedInto: rowOf('goal_reached')?.id,
        })
        const receipt = rows.find(({ purpose }) => purpose === 'receipt')
        expect(receipt?.position).toBeGreaterThan(rowOf('goal_reached')?.position ?? Number.POSITIVE_INFINITY)
      })

      test('leaves a lone stamp as it would have been without it', async () => {
        await book.tell(VOUCHER, STAMP)
        await book.tell(REDEEMED)
        expect((await book.waiting()).filter(({ purpose }) => purpose === 'event')).toMatchObject([
          {
            event: 'stamp_added',
            carries: null,
            silent: true,
            lines: ['+1 stamp at Demo Coffee!', 'Stamps: 8 of 8', CARD],
          },
        ])
      })

      test('takes what still comes of the visit along', async () => {
        await book.tell(STAMP, VOUCHER, REDEEMED, REWARD)
        expect((await book.waiting()).filter(({ purpose }) => purpose === 'event')).toMatchObject([
          {
            event: 'reward_issued',
            carries: 2,
            picture: { kind: 'card' },
            lines: expect.arrayContaining(['Stamps: 8 of 8 (+1)']),
          },
        ])
      })
    })

    test('a voucher’s message that is edited when it is redeemed keeps what else it told', async () => {
      await book.tell(STAMP, VOUCHER)
      const [message] = await book.waiting()
      const record = await book.send(message?.id ?? '')
      await record()
      now += 60_000
      await book.tell(REDEEMED)
      const edit = (await book.planned()).find(({ purpose }) => purpose === 'edit')
      expect(edit?.lines).toEqual([
        '✅ Redeemed on May 11, 2026: Free coffee, Demo Coffee',
        expect.stringMatching(/^Voucher No\. /),
        'Stamps: 8 of 8 (+1)',
        CARD,
      ])
    })
  })
}
