import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, inject, test } from 'vitest'
import { openFaultCafe, unknownAtTakings, untilArrived } from './fault-cafe.js'

const WITHIN_MS = 10_000
const DELIVERIES = 300
const STARTS = inject('faultRuns') === 'long' ? 10 : 2
/** More than can be on its way in all the starts together. */
const FOR_ALL_STARTS = STARTS * 150

const openWithQueue = async (deliveries = DELIVERIES) => {
  const cafe = await openFaultCafe()
  await cafe.plant({ to: deliveries, plan: true })
  return cafe
}

describe('SIGTERM with hundreds of messages waiting', () => {
  test('a provider that takes 3 s: what is under way is finished, nothing is unknown, the rest leaves after the restart', async () => {
    const cafe = await openWithQueue()
    const { installation, telegram } = cafe
    telegram.fault({ kind: 'slow', delayMs: 3_000 }, { method: 'sendMessage' })
    const program = await installation.startWorker({ ROLE: 'all' })
    await untilArrived(telegram, 20)
    const { code, elapsedMs } = await program.stop()
    expect(code).toBe(0)
    expect(elapsedMs).toBeLessThanOrEqual(WITHIN_MS)
    const sent = telegram.delivered()
    expect((await cafe.census()).states).toEqual({ sent, pending: DELIVERIES - sent })
    console.info(`SIGTERM with answers after 3 s: ended after ${Math.round(elapsedMs)} ms with ${sent} sent, 0 unknown`)

    telegram.clearFaults()
    const next = await installation.startWorker({ ROLE: 'all' })
    const census = await cafe.settled(60_000)
    expect(census).toMatchObject({ states: { sent: DELIVERIES }, duplicates: 0, falselySent: 0 })
    expect(unknownAtTakings(next)).toEqual([0])
  })

  test('a provider that hangs: the process ends in time all the same, and what hung is unknown', async () => {
    const cafe = await openWithQueue()
    const { installation, telegram } = cafe
    telegram.fault({ kind: 'slow', delayMs: 60_000 }, { method: 'sendMessage' })
    const program = await installation.startWorker({ ROLE: 'all' })
    await untilArrived(telegram, 20)
    await delay(500)
    const { elapsedMs } = await program.stop()
    expect(elapsedMs).toBeLessThanOrEqual(WITHIN_MS + 500)
    const hung = telegram.delivered()

    telegram.clearFaults()
    await installation.startWorker({ ROLE: 'all' })
    const census = await cafe.settled(60_000)
    expect(census).toMatchObject({
      states: { sent: DELIVERIES - hung, unknown: hung },
      duplicates: 0,
      falselySent: 0,
      unknownArrived: hung,
    })
    console.info(`SIGTERM with a provider that hangs: ended after ${Math.round(elapsedMs)} ms with ${hung} unknown`)
  })

  test('SIGTERM in the first moments of a process loses nothing either', async () => {
    const cafe = await openWithQueue(FOR_ALL_STARTS)
    const { installation, telegram } = cafe
    telegram.fault({ kind: 'slow', delayMs: 300 }, { method: 'sendMessage' })
    for (let start = 0; start < STARTS; start++) {
      const program = await installation.startWorker({ ROLE: 'all' }, 'spawned')
      await untilArrived(telegram, telegram.delivered() + 1)
      expect((await program.stop()).code).toBe(0)
    }
    const { states } = await cafe.census()
    expect(states.unknown).toBeUndefined()
    telegram.clearFaults()
    await installation.startWorker({ ROLE: 'all' })
    expect(await cafe.settled(60_000)).toMatchObject({
      states: { sent: FOR_ALL_STARTS },
      duplicates: 0,
      falselySent: 0,
    })
  })
})
