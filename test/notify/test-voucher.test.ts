import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTestVoucher } from '../../src/notify/test-voucher.js'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }

describe('a test voucher', () => {
  let bot: TestBot
  beforeEach(async () => {
    bot = await openTestBot()
  })
  afterEach(() => bot.close())

  let tests = 0
  const send = () => createTestVoucher(bot.foundation)({ id: bot.businessId, name: 'Corner Coffee' }, String(tests++))
  const linkStaff = async (address: string, languageHint = 'en') => {
    await bot.does(address, { kind: 'start', payload: await bot.link({ kind: 'staff' }) }, { languageHint })
    await vi.waitFor(() => expect(bot.textsOf(address).length).toBeGreaterThan(0), SOON)
  }

  test('goes, with a picture, to the staff chat that was used last, in its language, as often as it is asked for', async () => {
    await linkStaff('first')
    await linkStaff('second', 'uk')
    await send()
    await send()
    await vi.waitFor(() => expect(bot.textsOf('second')).toHaveLength(3), SOON)
    expect(bot.textsOf('second')[2]).toContain('Тест від «Corner Coffee»')
    expect(bot.textsOf('first')).toHaveLength(1)
    const voucher = bot.shown.at(-1)?.message
    expect(voucher?.picture?.altText).toBe('Тестовий ваучер')
    expect(voucher?.buttons).toEqual([[{ kind: 'copy', label: 'Скопіювати код', text: 'TEST' }]])
  })

  test('is counted nowhere', async () => {
    await linkStaff('owner')
    const { db, ledger } = bot.foundation
    const counted = () => db.read(ledger.countByState({}))
    // A message is read before its result is written.
    await vi.waitFor(async () => expect(await counted()).toEqual([{ state: 'sent', count: 1 }]), SOON)
    await send()
    await vi.waitFor(() => expect(bot.textsOf('owner')).toHaveLength(2), SOON)
    expect(await counted()).toEqual([{ state: 'sent', count: 1 }])
  })

  test('has nowhere to go while no staff chat is linked, or the last one is gone', async () => {
    expect(await send()).toEqual({ kind: 'no_staff_chat' })
    await bot.does('guest', { kind: 'text', text: 'hello' })
    await vi.waitFor(() => expect(bot.textsOf('guest')).toHaveLength(1), SOON)
    expect(await send()).toEqual({ kind: 'no_staff_chat' })
    await linkStaff('owner')
    await bot.does('owner', { kind: 'blocked' })
    await vi.waitFor(async () => expect(await send()).toEqual({ kind: 'no_staff_chat' }), SOON)
  })

  test('is not sent to a staff chat that said STOP', async () => {
    await linkStaff('owner')
    await bot.does('owner', { kind: 'text', text: 'STOP' })
    await vi.waitFor(() => expect(bot.textsOf('owner')).toHaveLength(2), SOON)
    expect(await send()).toEqual({ kind: 'silenced' })
  })
})
