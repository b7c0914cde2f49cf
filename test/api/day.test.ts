import { describe, expect, test } from 'vitest'
import { openClockwork } from '../../src/main/own-commands.js'
import { ownRows, replayedRows } from '../support/own-rows.js'
import { type Api, type Json, openApi, setUpProgramme } from './open-api.js'

const DAY_MS = 86_400_000
const RECEIPTS = 1_000
const GUESTS = 60
/** As many tills as a busy café has. */
const AT_ONCE = 20

const phoneOf = (guest: number): string => `+38050111${String(1_000 + guest)}`

/** Runs the work of each number from 0 on, some at once. */
const forEach = async (count: number, work: (n: number) => Promise<void>): Promise<void> => {
  for (let from = 0; from < count; from += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => work(from + n)))
}

/** 1,000 receipts, each sent twice by a till that did not hear the answer of the first. */
const sellCoffees = async ({ call }: Api): Promise<Json[]> => {
  const rewards: Json[] = []
  await forEach(RECEIPTS, async (n) => {
    const body = { customer: { phone: phoneOf(n % GUESTS) }, amount: 300 + (n % 7) * 100, receipt_id: `R-${n}` }
    const sent = { headers: { 'Idempotency-Key': `till ${n}` } }
    const first = await call('POST', '/stamps', body, sent)
    const second = n % 2 === 0 ? await call('POST', '/stamps', body, sent) : await call('POST', '/stamps', body)
    expect([first.status, second.body.stamp.id]).toEqual([201, first.body.stamp.id])
    rewards.push(...first.body.rewards)
  })
  return rewards
}

describe('a day at a café', () => {
  test('through the API alone adds up, and the journal replays to the same rows', { timeout: 120_000 }, async () => {
    let now = Date.UTC(2026, 4, 1, 7)
    const api = await openApi(() => now++)
    const { ok, call } = api
    await setUpProgramme(api)
    await forEach(GUESTS, async (guest) => {
      const birthday = guest < 5 ? '--05-02' : '1990-11-30'
      await ok('POST', '/cards', { customer: { phone: phoneOf(guest), name: `Guest ${guest}`, birthday } })
    })
    const rewards = await sellCoffees(api)
    const history = await Promise.all(
      (await ok('GET', '/customers?limit=100')).data.map(async ({ id }: Json) => {
        const [card] = (await ok('GET', `/customers/${id}/cards`)).data
        const stamps = (await ok('GET', `/cards/${card.id}/history?limit=100`)).data
        return { card, stamps }
      }),
    )
    const sumOf = (entries: Json[], of: (entry: Json) => number) => entries.reduce((sum, entry) => sum + of(entry), 0)
    for (const { card, stamps } of history) expect(card.stamps_total).toBe(sumOf(stamps, ({ count }) => count))
    expect(sumOf(history, ({ stamps }) => stamps.length)).toBe(RECEIPTS)
    expect(await ok('GET', `/stats?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z`)).toMatchObject({
      stampings: RECEIPTS,
      stamps: sumOf(history, ({ card }) => card.stamps_total),
      events: { card_issued: GUESTS, stamp_added: RECEIPTS },
    })

    const lotteries = rewards.filter(({ type }) => type === 'lottery')
    await forEach(lotteries.length, async (n) => void (await ok('POST', `/rewards/${lotteries[n].id}/draw`)))
    const vouchers = rewards.filter(({ type }) => type === 'voucher')
    const used = vouchers.filter((_, n) => n % 2 === 0)
    await forEach(used.length, async (n) => void (await ok('POST', `/vouchers/${used[n].voucher_id}/redeem`)))
    expect((await call('POST', `/vouchers/${used[0].voucher_id}/redeem`)).body.code).toBe('already_redeemed')
    await ok('POST', `/vouchers/${used[0].voucher_id}/undo`)

    const clockwork = openClockwork(api.foundation)
    await clockwork.lookAtAll()
    now += DAY_MS
    await clockwork.lookAtAll()
    expect((await ok('GET', '/events?event=birthday_reached&limit=100')).data).toHaveLength(5)
    now += 40 * DAY_MS
    await clockwork.lookAtAll()
    const { data: over } = await ok('GET', '/events?event=voucher_expired&limit=100')
    expect(over.length).toBeGreaterThan(0)
    expect(await ok('GET', `/vouchers/${used[0].voucher_id}`)).toMatchObject({ status: 'expired' })
    expect(await ok('GET', `/vouchers/${used[1].voucher_id}`)).toMatchObject({ status: 'redeemed' })

    expect(await replayedRows(api.foundation.db)).toEqual(await ownRows(api.foundation.db))
  })
})
