import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }

const frame = (event: string, more: object = {}) => ({
  event,
  timestamp: new Date().toISOString(),
  business_id: 'b_123',
  customer: { id: 'c_789', language: 'en', name: 'Olena Koval' },
  card: { id: 'card_001', title: 'Coffee card', stamps: 3, stamps_goal: 8, goals: [3, 8], goal_index: 0 },
  ...more,
})
const stamp = () => frame('stamp_added', { stamp: { count: 1 } })
const voucher = () => frame('voucher_issued', { voucher: { id: 'v_1', title: 'Free coffee', status: 'active' } })
const goal = () => frame('goal_reached', { reward: { type: 'award', title: 'Free coffee' } })

describe('a customer who has chosen what to hear', () => {
  let bot: TestBot
  beforeEach(async () => {
    bot = await openTestBot()
    await bot.event(frame('card_issued'))
    const payload = await bot.link({ kind: 'customer', customerId: bot.customerId('c_789') })
    await bot.does('olena', { kind: 'start', payload })
    await heard(2)
  })
  afterEach(() => bot.close())

  const heard = async (count: number) => {
    await vi.waitFor(() => expect(bot.textsOf('olena')).toHaveLength(count), SOON)
    return bot.textsOf('olena').at(-1)
  }
  const chooses = async (hears: string) => {
    await bot.does('olena', { kind: 'action', action: `notifications:${hears}` })
    return heard(3)
  }
  const counts = async () => {
    const { db, ledger } = bot.foundation
    return Object.fromEntries((await db.read(ledger.countByState({}))).map(({ state, count }) => [state, count]))
  }

  test('rewards only: a stamp is not told, a voucher is', async () => {
    expect(await chooses('rewards')).toContain('only of rewards')
    await bot.event(stamp())
    await bot.event(voucher())
    expect(await heard(4)).toContain('Free coffee')
    expect(await counts()).toMatchObject({ skipped: 1 })
  })

  test('nothing: nothing comes unasked, the ledger says why, and the card answers', async () => {
    expect(await chooses('nothing')).toContain('nothing unasked')
    await bot.event(stamp())
    await bot.event(voucher())
    expect(await counts()).toMatchObject({ skipped: 2 })
    await bot.does('olena', { kind: 'action', action: 'card' })
    expect(await heard(4)).toContain('Your stamp card')
  })

  test('nothing: the team still hears of the goal, and everything can be turned on again', async () => {
    const payload = await bot.link({ kind: 'staff' })
    await bot.does('team', { kind: 'start', payload })
    await chooses('nothing')
    await bot.event(goal())
    await vi.waitFor(() => expect(bot.textsOf('team').at(-1)).toContain('Olena K. reached'), SOON)
    await bot.does('olena', { kind: 'action', action: 'notifications:everything' })
    await heard(4)
    await bot.event(stamp())
    expect(await heard(5)).toContain('+1 stamp')
  })
})
