import { describe, expect, test, vi } from 'vitest'
import { tooManyRequests } from '../doubles/telegram-faults.js'
import { stampAdded } from './frames.js'
import { ledgerOf, linkGuests, openRunningCafe, SOON, tell, waitUntilSettled } from './open-cafe.js'

describe('when Telegram asks for a pause', () => {
  test('the whole bot keeps it, and then everything arrives, once', async () => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    const guests = await linkGuests(cafe, 8)
    const sends = () => telegram.calls.filter(({ method }) => method === 'sendPhoto')
    const before = sends().length
    telegram.fault(tooManyRequests(3), { method: 'sendPhoto', times: 1 })

    const [first, ...others] = guests
    if (!first) throw new Error('there is a first guest')
    await tell(program, stampAdded(first.guest, 1))
    await vi.waitFor(() => expect(sends()).toHaveLength(before + 1), SOON)
    const refusedAt = sends().at(-1)?.at ?? 0
    await tell(program, ...others.map(({ guest }) => stampAdded(guest, 1)))

    await vi.waitFor(() => expect(guests.every(({ user }) => user.sees().length === 3)).toBe(true), SOON)
    await waitUntilSettled(cafe)
    const after = sends().slice(before + 1)
    expect(after).toHaveLength(guests.length)
    expect((after[0]?.at ?? 0) - refusedAt).toBeGreaterThanOrEqual(3_000)
    expect(ledgerOf(cafe)).toEqual({ sent: 3 * guests.length })
  })
})
