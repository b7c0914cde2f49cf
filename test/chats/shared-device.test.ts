import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.js'
import { allRows } from '../support/all-rows.js'
import { type Counter, openCounter } from './counter.js'

const MINUTE_MS = 60_000
const ASK = 'Please type your PIN to redeem vouchers here.'
const WRONG = 'This PIN is not valid here. Please try again, or ask the owner.'
const LOCKED = 'Too many wrong PINs on this device. Please try again in 15 minutes.'

let counter: Counter
let annId: string
beforeEach(async () => {
  counter = await openCounter()
  annId = await hire('Ann', '4829')
  await linkDevice()
})
afterEach(() => counter.close())

const { locationId, otherLocationId } = { locationId: 'loc_podil', otherLocationId: 'loc_center' }
const hire = async (name: string, pin: string, at: string | null = null): Promise<string> => {
  const { db, businesses, access } = counter.foundation
  for (const id of [locationId, otherLocationId])
    await db.write(
      businesses.addLocation({ id, businessId: counter.businessId, externalId: id, name: id, createdAt: 1 }),
    )
  const hired = await access.roster.addStaff({
    businessId: counter.businessId,
    actor: 'cli',
    name,
    role: 'cashier',
    locationId: at,
    pin,
  })
  if (hired.kind !== 'done') throw new Error(hired.reason)
  return hired.staff.id
}
const linkDevice = async () => {
  const context = { foundation: counter.foundation, firstBusinessId: counter.businessId }
  const printed = await COMMANDS['staff link']?.run(context, ['--location', locationId, '--shared'])
  return counter.opens('device', String(printed?.rows[0]?.token))
}
/** Finds the voucher and presses "Redeem". */
const redeems = async () => {
  const voucher = await counter.issue('olena')
  await counter.says('device', voucher.number)
  return { voucher, answer: await counter.presses('device', 'Redeem') }
}
const redemptionOf = async (voucherId: string) => {
  const rows = await allRows(counter.foundation.db)
  return rows.find((row) => row.startsWith('redemptions:') && row.includes(voucherId))
}

describe('a location’s shared device', () => {
  test('says what it is, and asks for a PIN before anybody redeems', async () => {
    expect(counter.read('device')).toBe(
      "Done! This is now a shared device of Corner Coffee: redeeming a voucher or stamping a card asks for the cashier's PIN.",
    )
    const { voucher, answer } = await redeems()
    expect(answer).toContain(ASK)
    expect(await counter.says('device', '4829')).toBe(
      [
        'Hello Ann, this device is open for you for 10 minutes.',
        'Redeem it now? Free coffee, for Olena K.',
        '[Yes, redeem]',
        '[No]',
        '[Lock]',
      ].join('\n'),
    )
    expect(await counter.presses('device', 'Yes, redeem')).toBe('✅ Redeemed by Ann: Free coffee, for Olena K.\n[Lock]')
    const redemption = await redemptionOf(voucher.id)
    expect(redemption).toContain(annId)
    expect(redemption).toContain(locationId)
  })

  test('is open for ten minutes, and then asks again', async () => {
    await redeems()
    await counter.says('device', '4829')
    expect((await redeems()).answer).toContain('Redeem it now?')
    counter.wait(10 * MINUTE_MS + 1_000)
    expect((await redeems()).answer).toContain(ASK)
  })

  test('is locked by a button, and then asks again', async () => {
    await redeems()
    await counter.says('device', '4829')
    expect(await counter.presses('device', 'Lock')).toBe('Locked. The next voucher or card asks for a PIN.')
    expect((await redeems()).answer).toContain(ASK)
  })

  test('answers every wrong PIN alike, refuses after five of them, and goes on after a quarter of an hour', async () => {
    await hire('Bo', '7391', otherLocationId)
    await redeems()
    for (const pin of ['9999', '7391', '0000', '123456', '4828'])
      expect(await counter.says('device', pin)).toContain(WRONG)
    expect(await counter.says('device', '4829')).toContain(LOCKED)
    counter.wait(16 * MINUTE_MS)
    await redeems()
    expect(await counter.says('device', '4829')).toContain('Hello Ann')
  })

  test('asks for a PIN before anybody stamps or takes stamps back, and records who and where', async () => {
    const card = await counter.issueCard('olena')
    await counter.says('device', card.number ?? '')
    expect(await counter.presses('device', '+1')).toBe('Please type your PIN to stamp cards here.')
    const opened = await counter.says('device', '4829')
    expect(opened).toContain('Hello Ann, this device is open for you for 10 minutes.\nCoffee card, for Olena K.')
    expect(opened).toContain('[Lock]')
    expect(await counter.presses('device', '+2')).toBe(
      '✅ +2 by Ann for Olena K.: 2 of 8\n1 to go until Cookie\n[Undo]\n[+1 more]\n[Lock]',
    )
    const stamps = (await allRows(counter.foundation.db)).filter((row) => row.startsWith('stamps:'))
    expect(stamps).toHaveLength(1)
    for (const known of [annId, locationId]) expect(stamps.join()).toContain(known)
    await counter.presses('device', 'Lock')
    expect(await counter.presses('device', 'Undo')).toContain('Please type your PIN to stamp cards here.')
    expect(await counter.stampsOn(card)).toBe(2)
    expect(await counter.says('device', '4829')).toContain('[Undo]')
    expect(await counter.presses('device', 'Undo')).toContain('Taken back: +2 for Olena K.')
    expect(await counter.stampsOn(card)).toBe(0)
  })

  test('stamps nothing for a cashier who has left the team, though it was open for them', async () => {
    const card = await counter.issueCard('olena')
    await redeems()
    await counter.says('device', '4829')
    await counter.says('device', card.number ?? '')
    await counter.presses('device', '+1')
    const { access } = counter.foundation
    await access.roster.removeStaff({ businessId: counter.businessId, staffId: annId, actor: 'cli' })
    for (const button of ['+1 more', 'Undo'])
      expect(await counter.presses('device', button)).toContain('Please type your PIN')
    expect(await counter.stampsOn(card)).toBe(1)
  })

  test('is closed at once for whoever leaves the team', async () => {
    await redeems()
    await counter.says('device', '4829')
    const { access } = counter.foundation
    await access.roster.removeStaff({ businessId: counter.businessId, staffId: annId, actor: 'cli' })
    expect(await counter.presses('device', 'Yes, redeem')).toContain(ASK)
    expect(await counter.says('device', '4829')).toContain(WRONG)
  })

  test('takes four digits for a guest’s code as long as it asks for no PIN', async () => {
    expect(await counter.says('device', '4829')).toContain('This code is not valid.')
    await redeems()
    counter.wait(6 * MINUTE_MS)
    expect(await counter.says('device', '4829')).toContain('This code is not valid.')
  })

  test('neither shows nor removes staff chats, and is named in the owner’s list', async () => {
    expect(await counter.says('device', '/staff')).toContain("Only the owner's own chat")
    expect(await counter.says('team', '/staff')).toContain('2. Telegram, a shared device, since')
  })

  test('is no shared device any more once it is disconnected', async () => {
    await counter.says('device', '/unlink')
    await counter.presses('device', 'Yes, disconnect')
    await counter.linkStaff('device')
    expect((await redeems()).answer).toContain('Redeem it now?')
  })
})

describe('a typed PIN', () => {
  const typePin = async (pin: string) => {
    await redeems()
    const before = counter.textsOf('device').length
    await counter.does('device', { kind: 'text', text: pin }, { messageId: '77' })
    await counter.settled('device', before + 1)
  }

  test.each(['4829', '9184'])('%s is taken away from the chat, right or wrong', async (pin) => {
    await typePin(pin)
    await vi.waitFor(() => expect(counter.removed).toEqual([{ address: 'device', messageId: '77' }]))
  })

  test('is kept nowhere once it is answered', async () => {
    await typePin('9184')
    expect((await allRows(counter.foundation.db)).filter((row) => row.includes('9184'))).toEqual([])
  })
})

test('a shared device needs a location that the business has', async () => {
  const context = { foundation: counter.foundation, firstBusinessId: counter.businessId }
  const link = COMMANDS['staff link']
  await expect(link?.run(context, ['--location', 'loc_none', '--shared'])).rejects.toThrow(
    'There is no location loc_none',
  )
  await expect(link?.run(context, ['--shared'])).rejects.toThrow('Use: npm run cli -- staff link')
  await expect(link?.run(context, ['--location', locationId])).rejects.toThrow('Use: npm run cli -- staff link')
})
