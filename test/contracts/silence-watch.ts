import { DateTime } from 'luxon'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { createJournal, type Journal } from '../../src/events/journal.js'
import type { Silence } from '../../src/events/silence.js'
import { createSilenceWatch } from '../../src/events/silence-watch.js'
import { createInProcessQueue } from '../../src/queue/in-process-queue.js'
import { cafeEvents } from '../events/cafe-calendar.js'
import { recordLog } from '../support/recorded-log.js'

const KYIV = 'Europe/Kyiv'
const at = (iso: string) => DateTime.fromISO(iso, { zone: KYIV }).toMillis()
const CAFE = { id: 'b_1', timeZone: KYIV }

/** A café that is open from 8 to 20 on every day, until the webhooks stop on Wednesday the 13th at noon. */
const STOPPED_AT = at('2026-05-13T12:00')
const EVENTS = cafeEvents({
  hours: { open: { 1: [8, 20], 2: [8, 20], 3: [8, 20], 4: [8, 20], 5: [8, 20], 6: [8, 20], 7: [8, 20] } },
  from: '2026-04-20',
  to: '2026-05-13',
  timeZone: KYIV,
  visitsPerDay: 60,
}).filter((eventAt) => eventAt < STOPPED_AT)

/** How the owner learns that webhooks stopped, on every database. */
export const silenceWatchContract = (
  name: string,
  open: (clock: Clock) => Promise<{ db: Database; close(): Promise<void> }>,
) => {
  describe(`silence on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let journal: Journal
    let now: number
    let told: { id: string; silence: Silence }[]
    let failing: boolean
    beforeEach(async () => {
      now = STOPPED_AT
      told = []
      failing = false
      opened = await open(() => now)
      journal = createJournal(opened.db)
      await receive(EVENTS)
    })
    afterEach(() => opened.close())

    const receive = async (receivedAts: readonly number[], change: object = {}) => {
      for (let from = 0; from < receivedAts.length; from += 200) {
        const writes = receivedAts.slice(from, from + 200).map((receivedAt) =>
          journal.add({
            id: `evt_${receivedAt}_${CAFE.id}`,
            businessId: CAFE.id,
            rootId: CAFE.id,
            customerId: 'c_1',
            name: 'stamp_added',
            origin: '7stamp',
            occurredAt: receivedAt,
            receivedAt,
            state: 'applied',
            shard: 0,
            hasWeakKey: true,
            reason: null,
            body: Buffer.from('{}'),
            ...change,
          }),
        )
        await opened.db.write(...writes)
      }
    }
    const watch = () =>
      createSilenceWatch({
        db: opened.db,
        queue: createInProcessQueue({ log: recordLog().log }),
        clock: () => now,
        listBusinesses: async () => [CAFE, { id: 'b_new', timeZone: KYIV }],
        tell: async ({ id }, silence) => {
          if (failing) throw new Error('not now')
          told.push({ id, silence })
        },
      })
    /** Looks every five minutes until then, as the program does. */
    const lookUntil = async (iso: string) => {
      for (const until = at(iso); now < until; now += 5 * 60_000) await watch().lookAtAll()
    }

    test('a silence is told once, also by another process, and with the time of the last event', async () => {
      await lookUntil('2026-05-13T19:00')
      expect(told).toEqual([{ id: 'b_1', silence: { silentSince: EVENTS.at(-1), usualGapMs: expect.any(Number) } }])
    })

    test('it is told again only after events came in between', async () => {
      await lookUntil('2026-05-13T15:00')
      expect(told).toHaveLength(1)
      await receive([now - 60_000])
      await lookUntil('2026-05-13T19:00')
      expect(told).toHaveLength(2)
    })

    test('what comes by the clock does not break it', async () => {
      await receive([STOPPED_AT + 30 * 60_000], { name: 'voucher_expired' })
      await lookUntil('2026-05-13T19:00')
      expect(told).toMatchObject([{ silence: { silentSince: EVENTS.at(-1) } }])
    })

    test('an owner who could not be told is told later', async () => {
      failing = true
      now = at('2026-05-13T15:00')
      await expect(watch().lookAtAll()).rejects.toThrow('not now')
      failing = false
      await watch().lookAtAll()
      expect(told).toHaveLength(1)
    })

    test('at night, and while all is well, nobody is told', async () => {
      now = at('2026-05-13T12:01')
      await watch().lookAtAll()
      now = at('2026-05-14T03:00')
      await watch().lookAtAll()
      expect(told).toEqual([])
    })
  })
}
