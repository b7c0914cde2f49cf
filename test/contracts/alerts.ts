import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { derivedId } from '../../src/ids.js'
import type { AlertPace } from '../../src/notify/alert-routes.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { NOON, ROOT_ID } from '../events/pipeline.js'
import { type GuestBook, openGuestBook } from '../notify/guest-book.js'
import { LOCALES } from '../notify/locale-texts.js'

const LOCATIONS = 40
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** The goal of another customer each time. */
const goal = (n: number, at: number, more: object = {}) => ({
  event: 'goal_reached',
  timestamp: new Date(at).toISOString(),
  business_id: 'b_123',
  location_id: `loc_${n % LOCATIONS}`,
  customer: { id: `c_${n}`, language: 'en', name: `Guest Number${n}` },
  card: { id: `card_${n}`, stamps: 8, stamps_goal: 8 },
  reward: { type: 'award', title: 'Free coffee' },
  ...more,
})

/** What a business's staff chats are told of goals, on every database. */
export const alertsContract = (
  name: string,
  open: (clock: Clock) => Promise<{ readonly db: Database; close(): Promise<void> }>,
) => {
  describe(`alerts on ${name}`, () => {
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

    /** What the team is to get: what was gathered into another message is not listed. */
    const planned = async () =>
      (await book.planned()).filter(({ chatId, state }) => chatId === 'team' && state === 'pending')
    const gathered = async () => (await book.planned()).filter(({ reason }) => reason === 'gathered')
    const route = (pace: AlertPace, locationId: string | null = null, chatId: string | null = null) =>
      book.db.write(book.alerts.setRoute(ROOT_ID, { event: 'goal_reached', pace, locationId, chatId }))
    const tellGoals = async (count: number, stepMs: number, from = 0) => {
      for (let n = from; n < from + count; n++) {
        await book.tell(goal(n, now))
        now += stepMs
      }
    }

    test('each goal is told at once, to every staff chat, without the id of a location that nobody named', async () => {
      await tellGoals(2, MINUTE_MS)
      expect((await planned()).map(({ dueAt, lines }) => [dueAt, lines.join()])).toEqual([
        [NOON, '⭐ Guest N. reached 8/8: Free coffee'],
        [NOON + MINUTE_MS, '⭐ Guest N. reached 8/8: Free coffee'],
      ])
    })

    test('300 goals in an hour in 40 locations are 20 alerts and one message that is edited, at most twice a minute', {
      timeout: 120_000,
    }, async () => {
      await tellGoals(300, HOUR_MS / 300)
      const messages = await planned()
      const alerts = messages.filter(({ purpose }) => purpose === 'alert')
      const edits = messages.filter(({ purpose }) => purpose === 'edit')
      expect(alerts).toHaveLength(21)
      expect(alerts.at(-1)?.lines).toEqual(['⭐ 21 goals in the last hour, latest: Guest N. reached 8/8: Free coffee'])
      expect(edits.at(-1)?.lines).toEqual(['⭐ 300 goals in the last hour, latest: Guest N. reached 8/8: Free coffee'])
      expect(edits.length).toBeLessThanOrEqual(120)
      const merged = await gathered()
      expect(merged).toHaveLength(280)
      expect(new Set(merged.map(({ mergedInto }) => mergedInto))).toEqual(new Set([alerts.at(-1)?.id]))
    })

    test('goals that come at once, from many customers, are counted one by one', async () => {
      for (let n = 0; n < 30; n++) await book.pipeline.receive(goal(n, now))
      await book.pipeline.settle()
      const messages = await planned()
      expect(messages.filter(({ purpose }) => purpose === 'alert')).toHaveLength(21)
      expect(messages.find(({ purpose }) => purpose === 'edit')?.lines.join()).toContain('30 goals')
    })

    test('an hourly digest is one message at the full hour, found in the database whoever planned it', async () => {
      await route('hourly')
      now += 5 * MINUTE_MS
      await tellGoals(3, 10 * MINUTE_MS)
      expect(await planned()).toMatchObject([
        {
          purpose: 'alert',
          dueAt: NOON + HOUR_MS,
          lines: ['⭐ 3 goals in the last hour, latest: Guest N. reached 8/8: Free coffee'],
        },
      ])
      const due = (at: number) =>
        book.db.read(book.ledger.dueEvents({ lane: 'telegram:test', now: at, held: '[]', limit: 9 }))
      expect(await due(NOON + HOUR_MS - 1)).toEqual([])
      expect(await due(NOON + HOUR_MS)).toHaveLength(1)
      now = NOON + HOUR_MS
      await tellGoals(1, 0, 3)
      expect((await planned()).map(({ dueAt }) => dueAt)).toEqual([NOON + HOUR_MS, NOON + 2 * HOUR_MS])
    })

    test('a daily digest comes at nine in the business’s time zone, and keeps no other alert waiting', async () => {
      await route('daily', derivedId('loc', ROOT_ID, 'loc_0'))
      await book.tell(goal(0, now), goal(LOCATIONS, now), goal(1, now))
      const messages = await planned()
      expect(messages.map(({ dueAt, lines }) => [new Date(dueAt).toISOString(), lines.join()])).toEqual([
        [new Date(NOON).toISOString(), '⭐ Guest N. reached 8/8: Free coffee'],
        ['2026-05-12T06:00:00.000Z', '⭐ 2 goals in the last day, latest: Guest N. reached 8/8: Free coffee'],
      ])
      const due = await book.db.read(book.ledger.dueEvents({ lane: 'telegram:test', now, held: '[]', limit: 9 }))
      expect(due).toHaveLength(1)
    })

    test('a chat that wants none gets none, and the ledger says why; without its route it is told again', async () => {
      await route('off', null, 'team')
      await tellGoals(1, MINUTE_MS)
      expect(await planned()).toEqual([])
      expect((await book.planned()).find(({ chatId }) => chatId === 'team')).toMatchObject({ reason: 'route' })
      await book.db.write(book.alerts.removeRoute(ROOT_ID, { event: 'goal_reached', locationId: null, chatId: 'team' }))
      await tellGoals(1, MINUTE_MS, 1)
      expect(await planned()).toHaveLength(1)
    })
  })
}
