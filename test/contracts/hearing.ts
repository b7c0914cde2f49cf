import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import type { Hears } from '../../src/notify/hears.js'
import { type MessageEvent, parseMessageSetting } from '../../src/notify/message-settings.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { NOON, ROOT_ID } from '../events/pipeline.js'
import { type GuestBook, openGuestBook } from '../notify/guest-book.js'
import { LOCALES } from '../notify/locale-texts.js'

const frame = (event: string, more: object = {}) => ({
  event,
  timestamp: new Date(NOON - 1_000).toISOString(),
  business_id: 'b_123',
  customer: { id: 'c_789', language: 'en', name: 'Olena Koval' },
  card: { id: 'card_001', stamps_goal: 8 },
  ...more,
})
const stamp = (stamps: number) =>
  frame('stamp_added', {
    card: { id: 'card_001', stamps, stamps_goal: 8 },
    stamp: { count: 1, receipt_id: `r_${stamps}` },
  })
const VOUCHER = { voucher: { id: 'v_555', title: 'Free coffee', redeem_code: 'FREE' } }

/** What a business and a customer decide about messages, kept and obeyed on every database. */
export const hearingContract = (
  name: string,
  open: (clock: Clock) => Promise<{ readonly db: Database; close(): Promise<void> }>,
) => {
  describe(`what is heard on ${name}`, () => {
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

    const set = (event: MessageEvent, input: object) =>
      book.db.write(book.messageSettings.setMessage(ROOT_ID, parseMessageSetting(event, input, wording.languages), now))
    const choose = (hears: Hears) => book.db.write(book.hears.setHears({ customerId: book.olena, hears, now }))
    /** Each on a visit of its own. */
    const tellApart = async (...frames: readonly object[]) => {
      for (const each of frames) {
        now += 11_000
        await book.tell(each)
      }
    }
    const outcomes = async () =>
      (await book.planned())
        .filter(({ chatId }) => chatId === 'olena')
        .map(({ event, purpose, state, reason }) => `${event} ${purpose}: ${reason ?? state}`)

    test('a saved or opened card is told nobody, and costs no row, until the business turns it on', async () => {
      await tellApart(frame('card_saved'), frame('card_opened'))
      expect(await outcomes()).toEqual([])
      await set('card_saved', { level: 'on' })
      await tellApart(frame('card_saved', { note: 'again' }), frame('card_opened', { note: 'again' }))
      expect(await outcomes()).toEqual(['card_saved event: pending'])
      const [message] = await book.waiting()
      expect(message?.lines[0]).toBe('Your stamp card at Demo Coffee is saved on your phone.')
    })

    test('an event that the business turned off is skipped, and the ledger says why; so until it is turned on again', async () => {
      await set('stamp_added', { level: 'off' })
      await tellApart(stamp(1))
      await set('stamp_added', { level: 'on' })
      await tellApart(stamp(2))
      expect(await outcomes()).toEqual(['stamp_added event: level', 'stamp_added event: pending'])
    })

    test('of stamps, milestones are the first, the one before a goal, and the goal', async () => {
      await set('stamp_added', { level: 'milestones' })
      await tellApart(...[1, 2, 3, 4, 5, 6, 7, 8].map(stamp))
      const skipped = 'stamp_added event: level'
      const told = 'stamp_added event: pending'
      expect(await outcomes()).toEqual([told, skipped, skipped, skipped, skipped, skipped, told, told])
    })

    test('what is turned off is missing in a visit’s one message as well', async () => {
      await set('goal_reached', { level: 'off' })
      await book.tell(frame('goal_reached'), stamp(3), frame('voucher_issued', VOUCHER))
      const [message, ...more] = await book.waiting()
      expect(more).toEqual([])
      expect(message?.lines.join()).not.toContain('goal')
      expect(message?.lines).toContain('Stamps: 3 of 8 (+1)')
    })

    test('the team hears of a goal that the customer is not told', async () => {
      await set('goal_reached', { level: 'off' })
      await choose('nothing')
      await book.tell(frame('goal_reached'))
      expect((await book.planned()).filter(({ chatId }) => chatId === 'team')).toMatchObject([{ state: 'pending' }])
    })

    test.each<[Hears, string[]]>([
      ['everything', ['event: pending', 'event: pending', 'event: pending', 'edit: pending', 'receipt: pending']],
      ['rewards', ['event: choice', 'event: pending', 'event: pending', 'edit: pending', 'receipt: pending']],
      ['nothing', ['event: choice', 'event: choice', 'event: choice', 'receipt: choice']],
    ])('a customer who chose %s', async (hears, expected) => {
      await choose('nothing')
      await choose(hears)
      await tellApart(stamp(3), frame('goal_reached'), frame('voucher_issued', VOUCHER))
      const voucher = (await book.waiting()).find(({ event }) => event === 'voucher_issued')
      if (voucher) await (await book.send(voucher.id))()
      await tellApart(frame('voucher_redeemed', VOUCHER))
      const heard = (await outcomes()).map((each) => each.replace(/^\S+ /, '').replace('event: sent', 'event: pending'))
      expect(heard).toEqual(expected)
    })

    test('whoever wants to hear nothing gets no birthday wish either, whatever they agreed to before', async () => {
      await choose('nothing')
      await tellApart(frame('birthday_reached'))
      expect(await outcomes()).toEqual(['birthday_reached event: choice'])
    })

    test('the first line is said in the business’s own words, also where it leads a visit', async () => {
      await set('voucher_issued', { texts: { en: 'Hooray, {{title}} is on {{business}}!', uk: 'Ура, {{title}}!' } })
      await book.tell(frame('voucher_issued', VOUCHER), stamp(3))
      const [message] = await book.waiting()
      expect(message?.lines[0]).toBe('Hooray, Free coffee is on Demo Coffee!')
      expect(message?.lines).toContain('Stamps: 3 of 8 (+1)')
    })
  })
}
