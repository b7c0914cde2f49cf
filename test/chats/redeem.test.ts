import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Counter, openCounter } from './counter.js'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const UNKNOWN = 'No voucher or card found. Please check the number or the code.'

let counter: Counter
beforeEach(async () => {
  counter = await openCounter()
})
afterEach(() => counter.close())

const stateOf = async (id: string) => {
  const [voucher] = await counter.foundation.db.read(counter.foundation.loyalty.voucherById({ id }))
  return voucher?.state
}
/** `May 11, 2026 at 03:34 PM`, as the business's clocks show it. */
const inKyiv = (at: number) =>
  new Intl.DateTimeFormat('en', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Kyiv',
  }).format(at)

describe('a cashier', () => {
  test('types a number, sees what it is, and redeems it after one question', async () => {
    const voucher = await counter.issue('olena')
    expect(await counter.says('team', voucher.number)).toBe(
      `Free coffee, for Olena K.\nVoucher No. ${voucher.number}\nIt can be redeemed.\n[Redeem]`,
    )
    expect(await counter.presses('team', 'Redeem')).toBe(
      'Redeem it now? Free coffee, for Olena K.\n[Yes, redeem]\n[No]',
    )
    expect(await stateOf(voucher.id)).toBe('active')
    expect(await counter.presses('team', 'Yes, redeem')).toBe('✅ Redeemed: Free coffee, for Olena K.')
    expect(await stateOf(voucher.id)).toBe('redeemed')
  })

  test('may type it without dash, in small letters, and as it was misread', async () => {
    const { number } = await counter.issue('olena')
    const typed = number.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
    expect(await counter.says('team', typed)).toContain(number)
  })

  test('who says no, or yes too late, redeems nothing', async () => {
    const voucher = await counter.issue('olena')
    await counter.says('team', voucher.number)
    await counter.presses('team', 'Redeem')
    expect(await counter.presses('team', 'No')).toBe('All right, nothing was redeemed.')
    counter.wait(11 * MINUTE_MS)
    expect(await counter.presses('team', 'Yes, redeem')).toContain('Redeem it now?')
    expect(await stateOf(voucher.id)).toBe('active')
  })

  test('sees when a voucher was redeemed, by the business’s clocks, and the customer hears of it once', async () => {
    await counter.linkCustomer('olena', 'olena')
    const voucher = await counter.issue('olena')
    await counter.applyEvents()
    await counter.says('team', voucher.number)
    await counter.presses('team', 'Redeem')
    const at = counter.now()
    await counter.presses('team', 'Yes, redeem')
    await counter.applyEvents()
    await vi.waitFor(() =>
      expect(counter.textsOf('olena').join('\n')).toContain('Redeemed at Corner Coffee: Free coffee'),
    )
    counter.wait(2 * DAY_MS)
    const expected = [at, at + MINUTE_MS].map((time) => `Already redeemed on ${inKyiv(time)}.`)
    const answer = await counter.says('team', voucher.number)
    expect(expected.some((line) => answer.endsWith(line))).toBe(true)
    const receipts = counter.textsOf('olena').filter((text) => text.startsWith('Redeemed at'))
    expect(receipts).toHaveLength(1)
  })

  test('presses yes twice and redeems once', async () => {
    const voucher = await counter.issue('olena')
    await counter.says('team', voucher.number)
    await counter.presses('team', 'Redeem')
    await counter.presses('team', 'Yes, redeem')
    expect(await counter.presses('team', 'Yes, redeem')).toContain('Already redeemed on')
  })

  test('sees since when a voucher is expired', async () => {
    const voucher = await counter.issue('olena', { days: 1 })
    expect(await counter.says('team', voucher.number)).toContain('Valid until')
    counter.wait(3 * DAY_MS)
    expect(await counter.says('team', voucher.number)).toBe(
      `Free coffee, for Olena K.\nVoucher No. ${voucher.number}\nExpired since ${inKyiv(voucher.expiresAt ?? 0)}.`,
    )
  })

  test('finds a voucher by its redeem code, but not one of many', async () => {
    const voucher = await counter.issue('olena', { redeemCode: 'FREECOFFEE' })
    expect(await counter.says('team', 'freecoffee')).toContain(voucher.number)
    await counter.customer('ivan', 'Ivan Bondar')
    await counter.issue('ivan', { redeemCode: 'FREECOFFEE' })
    expect(await counter.says('team', 'FREECOFFEE')).toBe(
      'Several vouchers have this code. Please type the voucher number.',
    )
  })

  test('is sent to the 7stamp scanner with a voucher that 7stamp made', async () => {
    await counter.event({
      event: 'voucher_issued',
      timestamp: new Date().toISOString(),
      business_id: 'b_123',
      customer: { id: 'olena', language: 'en', name: 'Olena Koval' },
      voucher: { id: 'voucher_567', title: 'Free cake', status: 'active', redeem_code: 'CAKE' },
    })
    const answer = await counter.says('team', 'CAKE')
    expect(answer).toContain('Free cake, for Olena K.')
    expect(answer).toContain('This voucher belongs to 7stamp: please use the 7stamp scanner.')
    expect(answer).not.toContain('[Redeem]')
  })

  test('learns nothing of another business’s voucher', async () => {
    const { db, businesses, loyalty } = counter.foundation
    const voucher = await counter.issue('olena')
    const [own] = await db.read(businesses.byId({ id: counter.businessId }))
    if (!own) throw new Error('no business')
    const stranger = { ...own, id: 'b_another', externalId: null, webhookTokenHash: null, parentId: null }
    const theirs = { ...voucher, id: 'v_theirs', businessId: 'b_another', number: 'AAAA-BBBB' }
    await db.write(businesses.add(stranger), loyalty.addVoucher(theirs))
    expect(await counter.says('team', 'AAAA-BBBB')).toBe(UNKNOWN)
    expect(await counter.says('team', 'AAAA-CCCC')).toBe(UNKNOWN)
    const press = { kind: 'action', action: 'redeem:v_theirs' } as const
    await counter.does('team', press)
    await counter.settled('team', 4)
    expect(counter.read('team')).toBe(UNKNOWN)
  })

  test('finds nothing of somebody who is erased', async () => {
    await counter.linkCustomer('olena', 'olena')
    const { number } = await counter.issue('olena')
    await counter.says('olena', '/deletedata')
    await counter.presses('olena', 'Yes, delete')
    expect(await counter.says('team', number)).toBe(UNKNOWN)
  })

  test('who guesses too often is answered as if every number were wrong, for a quarter of an hour', async () => {
    const voucher = await counter.issue('olena')
    for (let guess = 0; guess < 20; guess++) expect(await counter.says('team', `GUESS-${guess}`)).toBe(UNKNOWN)
    expect(await counter.says('team', voucher.number)).toBe(UNKNOWN)
    counter.wait(16 * MINUTE_MS)
    expect(await counter.says('team', voucher.number)).toContain('It can be redeemed.')
  }, 30_000)
})

describe('a cashier who types no number', () => {
  test.each([
    ['FREECOFFEE', 'guess'],
    ['FREE COFFEE!', 'free guess! '],
  ])(
    'is told what this chat does, and has made a guess, since a code like %s might be found so',
    async (redeemCode, guess) => {
      await counter.issue('olena', { redeemCode })
      const help = await counter.says('team', '/help')
      expect(await counter.says('team', redeemCode.toLowerCase())).toContain('It can be redeemed.')
      for (let time = 0; time < 20; time++) expect(await counter.says('team', `${guess}${'x'.repeat(time)}`)).toBe(help)
      expect(await counter.says('team', redeemCode.toLowerCase())).toBe(help)
      counter.wait(16 * MINUTE_MS)
      expect(await counter.says('team', redeemCode)).toContain('It can be redeemed.')
    },
    30_000,
  )
})

describe('a group of staff', () => {
  const GROUP = { isPrivate: false, speaker: { id: '501', name: 'Ann' } }

  test('hears a number and a command, and leaves talk alone', async () => {
    const voucher = await counter.issue('olena', { redeemCode: 'CAKE' })
    await counter.linkStaff('group', GROUP)
    for (const text of ['cake', 'part-time', 'ready at 15:30'])
      await counter.does('group', { kind: 'text', text }, GROUP)
    expect(await counter.says('group', '/redeem CAKE', GROUP)).toContain('It can be redeemed.')
    expect(await counter.says('group', voucher.number, GROUP)).toContain('It can be redeemed.')
    expect(counter.textsOf('group')).toHaveLength(3)
  })

  test('has whoever presses not redeem their own voucher, while a colleague may', async () => {
    const voucher = await counter.issue('olena')
    await counter.linkCustomer('501', 'olena')
    await counter.linkStaff('group', GROUP)
    await counter.says('group', voucher.number, GROUP)
    expect(await counter.presses('group', 'Redeem', GROUP)).toBe(
      'This is your own voucher, so please let a colleague redeem it.',
    )
    const colleague = { ...GROUP, speaker: { id: '502', name: 'Bo' } }
    await counter.presses('group', 'Redeem', colleague)
    expect(await counter.presses('group', 'Yes, redeem', GROUP)).toContain('your own voucher')
    expect(await stateOf(voucher.id)).toBe('active')
    expect(await counter.presses('group', 'Yes, redeem', colleague)).toContain('✅ Redeemed')
  })
})

describe('a cashier redeeming their own voucher', () => {
  const PRIVATE = { speaker: { id: 'ann', name: 'Ann' } }

  test('is refused in the chat that was theirs as a customer before', async () => {
    const voucher = await counter.issue('olena')
    await counter.linkCustomer('ann', 'olena')
    await counter.linkStaff('ann', PRIVATE)
    expect(await counter.says('ann', voucher.number, PRIVATE)).toContain('It can be redeemed.')
    expect(await counter.presses('ann', 'Redeem', PRIVATE)).toBe(
      'This is your own voucher, so please let a colleague redeem it.',
    )
    expect(await stateOf(voucher.id)).toBe('active')
  })

  test('is not remembered as the customer once that customer is erased', async () => {
    await counter.linkCustomer('ann', 'olena')
    await counter.linkStaff('ann', PRIVATE)
    await counter.linkCustomer('olena', 'olena', 1)
    const { db, chats } = counter.foundation
    const former = async () => (await db.read(chats.byAddress({ lane: 'telegram:test', address: 'ann' })))[0]
    expect(await former()).toMatchObject({ role: 'staff', formerCustomerId: counter.customerId('olena') })
    await counter.says('olena', '/deletedata')
    await counter.presses('olena', 'Yes, delete')
    expect(await former()).toMatchObject({ role: 'staff', formerCustomerId: null })
  })
})

test('nobody who is not staff redeems anything, whatever they type, scan or press', async () => {
  const voucher = await counter.issue('olena')
  await counter.linkCustomer('olena', 'olena')
  expect(await counter.says('olena', voucher.number)).toContain('I did not understand that')
  const press = { kind: 'action', action: `redeem:${voucher.id}:yes:${counter.now().toString(36)}` } as const
  const before = counter.textsOf('olena').length
  await counter.does('olena', press)
  await counter.settled('olena', before + 1)
  expect(await counter.opens('stranger', 'r_abcdefgh')).toContain('Only the team of Corner Coffee can use this code.')
  expect(await stateOf(voucher.id)).toBe('active')
})
