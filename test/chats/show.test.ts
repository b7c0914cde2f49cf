import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { scan } from '../pictures/reading.js'
import { allRows } from '../support/all-rows.js'
import { type Counter, openCounter } from './counter.js'

const MINUTE_MS = 60_000
const LATE = 'This code has expired. Please ask the guest to press “Show to staff” again.'
const USED = 'This code has already been used. Please ask the guest to press “Show to staff” again.'

let counter: Counter
beforeEach(async () => {
  counter = await openCounter()
  await counter.linkCustomer('olena', 'olena')
  await counter.issue('olena')
  await counter.says('olena', '/vouchers')
})
afterEach(() => counter.close())

/** The customer presses "Show to staff": what is to be typed, and what the QR opens. */
const shows = async () => {
  const text = await counter.presses('olena', 'Show to staff')
  const picture = counter.shown.filter(({ address }) => address === 'olena').at(-1)?.message.picture
  if (!picture) throw new Error('no picture was shown')
  const [found = ''] = await scan(await picture.png())
  const qr = found.replace('QRCode ', '')
  return { text, code: /\d{6}/.exec(text)?.[0] ?? '', payload: new URL(qr).searchParams.get('start') ?? '' }
}

test('a customer shows a QR and a code, and either finds the voucher', async () => {
  const { text, code, payload } = await shows()
  expect(text).toBe(
    `Free coffee, Corner Coffee\nCode for the staff: ${code}\nShow it at Corner Coffee within 2 minutes. It works once.`,
  )
  expect(await counter.opens('team', payload)).toContain('Free coffee, for Olena K.')
  const next = await shows()
  expect(await counter.says('team', next.code)).toContain('[Redeem]')
})

test('a scanned voucher is redeemed, and the customer reads it at once', async () => {
  await counter.opens('team', (await shows()).payload)
  await counter.presses('team', 'Redeem')
  await counter.presses('team', 'Yes, redeem')
  await counter.applyEvents()
  await vi.waitFor(() =>
    expect(counter.textsOf('olena')).toContain('Redeemed at Corner Coffee: Free coffee. Thank you!'),
  )
})

test('what was shown two minutes ago is over', async () => {
  const { code, payload } = await shows()
  counter.wait(2 * MINUTE_MS + 1_000)
  expect(await counter.says('team', code)).toBe(LATE)
  expect(await counter.opens('team', payload)).toBe(LATE)
})

test('showing it again ends what was shown before', async () => {
  const first = await shows()
  const second = await shows()
  expect(await counter.says('team', first.code)).toBe(LATE)
  expect(await counter.says('team', second.code)).toContain('Free coffee')
})

test('a screenshot sent to a friend is worth nothing at another counter, nor later at this one', async () => {
  const { code, payload } = await shows()
  await counter.linkStaff('other-team')
  await counter.says('team', code)
  expect(await counter.opens('other-team', payload)).toBe(USED)
  expect(await counter.says('other-team', code)).toBe(USED)
  expect(await counter.says('team', code)).toContain('It can be redeemed.')
  await counter.presses('team', 'Redeem')
  await counter.presses('team', 'Yes, redeem')
  expect(await counter.opens('team', payload)).toContain('Already redeemed on')
})

test('a friend who opens the link is not staff, and learns nothing', async () => {
  const { payload } = await shows()
  const answer = await counter.opens('friend', payload)
  expect(answer).toBe('Only the team of Corner Coffee can use this code. Please show it at the counter.')
})

test('only a hash of the link is kept with the code', async () => {
  const { code, payload } = await shows()
  const rows = (await allRows(counter.foundation.db)).filter((row) => row.startsWith('showings:')).join()
  expect(rows).toContain(code)
  expect(rows).not.toContain(payload.slice(2))
})

test('a redeemed voucher and one of 7stamp are not shown', async () => {
  await counter.opens('team', (await shows()).payload)
  await counter.presses('team', 'Redeem')
  await counter.presses('team', 'Yes, redeem')
  expect(await counter.presses('olena', 'Show to staff')).toContain('Free coffee: redeemed')
  await counter.event({
    event: 'voucher_issued',
    timestamp: new Date().toISOString(),
    business_id: 'b_123',
    customer: { id: 'olena', language: 'en', name: 'Olena Koval' },
    voucher: { id: 'voucher_567', title: 'Free cake', status: 'active', redeem_code: 'CAKE' },
  })
  await vi.waitFor(() => expect(counter.textsOf('olena').join()).toContain('A voucher from Corner Coffee: Free cake'))
  await counter.does('olena', { kind: 'text', text: '/vouchers' })
  await vi.waitFor(() => expect(counter.read('olena')).toContain('Free cake, Corner Coffee'))
  expect(counter.read('olena')).not.toContain('[Show to staff]')
})
