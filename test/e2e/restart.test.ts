import { describe, expect, test, vi } from 'vitest'
import { stampAdded } from './frames.js'
import { ledgerOf, linkGuests, openCafe, quietMoment, SOON, tell, waitUntilSettled } from './open-cafe.js'

const GUESTS = 30

describe('a restart in the middle of the work', () => {
  test('finishes what is on its way within 10 s; the rest leaves after it, and nobody hears twice', async () => {
    const cafe = await openCafe({ env: { TELEGRAM_MESSAGES_PER_SEC: '5' } })
    const { telegram, installation } = cafe
    const program = await installation.start()
    const guests = await linkGuests({ ...cafe, program }, GUESTS)
    const arrived = () => guests.filter(({ user }) => user.sees().length > 2).length
    telegram.fault({ kind: 'slow', delayMs: 1_500 }, { method: 'sendPhoto' })
    await Promise.all(guests.map(({ guest }) => tell(program, stampAdded(guest, 1))))
    await vi.waitFor(() => expect(arrived()).toBeGreaterThanOrEqual(5), SOON)

    const { code, elapsedMs } = await program.stop()
    expect(code).toBe(0)
    expect(elapsedMs).toBeLessThanOrEqual(10_000)
    expect(arrived()).toBeLessThan(GUESTS)
    const { unknown, sent, pending } = ledgerOf(cafe)
    expect(unknown).toBeUndefined()
    expect(sent).toBe(2 * GUESTS + arrived())
    expect(pending).toBe(GUESTS - arrived())

    telegram.clearFaults()
    await installation.start()
    await vi.waitFor(() => expect(arrived()).toBe(GUESTS), SOON)
    await waitUntilSettled(cafe)
    await quietMoment()
    expect(guests.map(({ user }) => user.sees().length)).toEqual(guests.map(() => 3))
    expect(ledgerOf(cafe)).toEqual({ sent: 3 * GUESTS })
  })
})
