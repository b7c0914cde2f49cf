import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const frame = (event: string, more: object = {}) => ({
  event,
  timestamp: new Date().toISOString(),
  business_id: 'b_123',
  customer: { id: 'c_789', language: 'en', name: 'Olena Koval' },
  card: { id: 'card_001', title: 'Coffee card', stamps: 3, stamps_goal: 8, goals: [3, 8] },
  ...more,
})
const voucher = (status: string) => ({ voucher: { id: 'v_555', title: 'Free coffee', redeem_code: 'FREE', status } })
const SOON = { timeout: 8_000, interval: 20 }

let bot: TestBot
beforeEach(async () => {
  bot = await openTestBot()
})
afterEach(() => bot.close())

test('a voucher that is redeemed while its message is tried again is not handed out any more', async () => {
  await bot.event(frame('card_issued'))
  const payload = await bot.link({ kind: 'customer', customerId: bot.customerId('c_789') })
  await bot.does('olena', { kind: 'start', payload })
  await vi.waitFor(() => expect(bot.textsOf('olena')).toHaveLength(2), SOON)

  // Telegram has it in hand when it is redeemed, and then says that it could not.
  let refusals = 0
  bot.answerWith(({ message }) => {
    if (!message.text.includes('Free coffee') || refusals > 0) return { status: 'sent', messageId: 'm' }
    refusals++
    return { status: 'not_sent', reason: '500', retryAfterMs: 2_000 }
  })
  await bot.event(frame('voucher_issued', voucher('issued')))
  await vi.waitFor(() => expect(refusals).toBe(1), SOON)
  await bot.foundation.db.write(...(await redeemQuietly()))
  await vi.waitFor(async () => {
    const { db, ledger } = bot.foundation
    const states = (await db.read(ledger.countByState({}))).map(({ state, count }) => `${count} ${state}`)
    expect(states).toContain('1 skipped')
  }, SOON)
  expect(bot.textsOf('olena')).toHaveLength(2)
})

test('what else it tells of the visit arrives all the same, and the voucher is then shown as redeemed', async () => {
  await bot.event(frame('card_issued'))
  const payload = await bot.link({ kind: 'customer', customerId: bot.customerId('c_789') })
  await bot.does('olena', { kind: 'start', payload })
  await vi.waitFor(() => expect(bot.textsOf('olena')).toHaveLength(2), SOON)

  let refuse = (): void => undefined
  const refused = new Promise<void>((resolve) => {
    refuse = resolve
  })
  bot.answerWith(({ message }) => {
    bot.answerWith(() => ({ status: 'sent', messageId: 'm' }))
    expect(message.text).toContain('Free coffee')
    refuse()
    return { status: 'not_sent', reason: '500', retryAfterMs: 2_000 }
  })
  await bot.event(frame('stamp_added', { stamp: { count: 1 } }))
  await bot.event(frame('voucher_issued', voucher('issued')))
  await refused
  await bot.foundation.db.write(...(await redeemQuietly()))
  await vi.waitFor(() => expect(bot.textsOf('olena')).toHaveLength(3), SOON)
  expect(bot.textsOf('olena').at(-1)).toContain('Stamps: 3 of 8')
})

/** As the mirror does it; no event, because that would take back the message that waits. */
const redeemQuietly = async () => {
  const { db, loyalty } = bot.foundation
  const [row] = await db.read(loyalty.vouchersOf({ customerId: bot.customerId('c_789'), now: Date.now() }))
  return row ? [loyalty.saveVoucher({ ...row, state: 'redeemed' })] : []
}
