import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Counter, openCounter } from './counter.js'
import {
  different,
  inTurn,
  type Neighbour,
  opened,
  openNeighbour,
  shared,
  type Try,
  type Turn,
  tryAll,
  turnOf,
  typed,
} from './guessing.js'

const MINUTE_MS = 60_000
const WITHIN_MS = 60_000
const PHONE = '+380501112233'
const WRONG_CODE = 'This code is not valid. Ask the guest to write /till to Corner Coffee again.'
const UNKNOWN = 'No voucher or card found. Please check the number or the code.'
const WRONG_PIN = 'This PIN is not valid here. Please try again, or ask the owner.'
const LOCKED = 'Too many wrong PINs on this device. Please try again in 15 minutes.'

let counter: Counter
let neighbour: Neighbour
beforeEach(async () => {
  counter = await openCounter()
  neighbour = await openNeighbour(counter)
})
afterEach(() => counter.close())

const named = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`)
const digits = (value: number, length: number) => String(value).padStart(length, '0')
const linkTeam = async (count: number) => {
  const chats = named('till', count)
  for (const chat of chats) await counter.linkStaff(chat)
  return chats
}
/** The first link is followed by the consent question. */
const linkBy = async (address: string, token: string) => {
  await counter.does(address, { kind: 'start', payload: token })
  await counter.settled(address, 2)
}
const tillCode = async (guest: string) => /\d{4}/.exec(await counter.says(guest, '/till'))?.[0] ?? ''
/** What a customer shows to the staff now. */
const show = async () => {
  await counter.linkCustomer('olena', 'olena')
  await counter.says('olena', '/vouchers')
  return /\d{6}/.exec(await counter.presses('olena', 'Show to staff'))?.[0] ?? ''
}
/** A customer with a phone number, as 7stamp has them. */
const withPhone = (id: string, phone: string) =>
  counter.event({
    event: 'card_issued',
    timestamp: new Date(counter.now()).toISOString(),
    business_id: 'b_123',
    customer: { id, language: 'en', name: 'Ivan Bondar', phone },
    card: { id: `card_${id}` },
  })
/** Somebody who had a voucher and was forgotten. */
const erasedWithVoucher = async (redeemCode: string) => {
  await counter.customer('petro', 'Petro Melnyk')
  const voucher = await counter.issue('petro', { redeemCode })
  await counter.foundation.erasing.eraseCustomer(counter.customerId('petro'))
  return voucher
}
const addPlaces = async () => {
  const { db, businesses } = counter.foundation
  for (const id of ['loc_podil', 'loc_center'])
    await db.write(
      businesses.addLocation({ id, businessId: counter.businessId, externalId: id, name: id, createdAt: 1 }),
    )
}
const hire = async (name: string, pin: string, locationId: string) => {
  const who = { businessId: counter.businessId, actor: 'cli', name, role: 'cashier', locationId, pin } as const
  const hired = await counter.foundation.access.roster.addStaff(who)
  if (hired.kind !== 'done') throw new Error(hired.reason)
}
/** Devices of the counter that all ask for a PIN now. */
const askForPin = async (devices: readonly string[]) => {
  const { number } = await counter.issue('olena')
  for (const device of devices) {
    await counter.opens(device, await counter.link({ kind: 'shared_device', locationId: 'loc_podil' }))
    await counter.says(device, number)
    await counter.presses(device, 'Redeem')
  }
}

describe('10,000 tries', { timeout: WITHIN_MS }, () => {
  test('at a code at the till: thirty wrong ones in an hour, from whichever chats, and no right one counts', async () => {
    const team = await linkTeam(10)
    const code = await tillCode('guest')
    const wrongCodes = Array.from({ length: 10_000 }, (_, each) => digits(each, 4)).filter((each) => each !== code)
    const wrong = (index: number) => wrongCodes[(index * 7) % wrongCodes.length] ?? ''
    // Four in each chat: none has used up its own five.
    expect(
      different(
        await tryAll(
          counter,
          inTurn(team, 4, (chat, index) => typed(chat, wrong(index))),
        ),
      ),
    ).toEqual([WRONG_CODE])
    const sweep = inTurn(team, 300, (chat, index) => typed(chat, index % 3 === 0 ? code : wrong(index)))
    expect(different(await tryAll(counter, sweep))).toEqual([WRONG_CODE])
    await neighbour.links('their-team')
    expect(await neighbour.answers([typed('their-team', code), typed('their-team', wrong(1))])).toEqual([
      'This code is not valid. Ask the guest to write /till to Neighbour again.',
    ])
    counter.wait(61 * MINUTE_MS)
    await counter.customer('olena', 'Olena Koval')
    expect(await counter.says('till-0', await tillCode('guest'))).not.toBe(WRONG_CODE)
  })

  test('at vouchers and cards: twenty wrong ones in a quarter of an hour, and then every right one is answered like them', async () => {
    const team = await linkTeam(10)
    const { number } = await counter.issue('olena', { redeemCode: 'FREECOFFEE' })
    const code = await show()
    const wrongCode = code === '000000' ? '111111' : '000000'
    const card = (await counter.issueCard('olena')).number ?? ''
    const right = [number, 'FREECOFFEE', code, card]
    const wrong = ['AAAA-BBBB', 'FREETEA', wrongCode, 'AAAA-CCCC']
    const pick = (all: readonly string[], index: number) => all[index % all.length] ?? ''
    const first = inTurn(team, 20, (chat, index) => typed(chat, pick(wrong, index)))
    expect(different(await tryAll(counter, first))).toEqual([UNKNOWN])
    const sweep = inTurn(team, 300, (chat, index) => typed(chat, pick([...right, ...wrong], index)))
    expect(different(await tryAll(counter, sweep))).toEqual([UNKNOWN])
    // What was shown is not used up by tries that may not find it.
    expect(await counter.says('team', code)).toContain('It can be redeemed.')
    await neighbour.links('their-team')
    const theirTries = [number, card, 'AAAA-BBBB'].map((text) => typed('their-team', text))
    expect(await neighbour.answers(theirTries)).toEqual([UNKNOWN])
    counter.wait(16 * MINUTE_MS)
    expect(await counter.says('till-0', number)).toContain('It can be redeemed.')
    expect(await counter.says('till-0', card)).toContain('How many stamps?')
  })

  test('at phones and links: five an hour in a chat, and fresh chats have nothing better to try', async () => {
    await withPhone('ivan', PHONE)
    const token = await counter.link({ kind: 'customer', customerId: counter.customerId('ivan') })
    const phones = named('caller', 60)
    const links = named('opener', 60)
    const wrongPhone = (index: number) => `+38050999${digits(index, 4)}`
    const answers = await tryAll(counter, [
      ...inTurn(phones, 25, (chat, index) => shared(chat, index < 5 ? wrongPhone(index) : PHONE)),
      ...inTurn(links, 25, (chat, index) => opened(chat, index < 5 ? `NobodyGaveThisLink${index}` : token)),
    ])
    const [toPhones, toLinks] = [phones, links].map((chats) =>
      different(new Map(chats.map((chat) => [chat, answers.get(chat) ?? []]))),
    )
    expect(toPhones).toHaveLength(1)
    expect(toLinks).toHaveLength(1)
    expect(JSON.stringify([toPhones, toLinks])).not.toContain('Ivan')
    // The link is still good, and so is the number, for whoever has not guessed.
    await linkBy('fresh', token)
    expect(counter.textsOf('fresh')[0]).toContain('Ivan')
  })

  test('at PINs: five wrong ones on a device, and then the right one is refused like them', async () => {
    await addPlaces()
    await hire('Ann', '4829', 'loc_podil')
    await hire('Bo', '7391', 'loc_center')
    const devices = named('device', 10)
    await askForPin(devices)
    const pins = ['7391', '1357', '2468', '123456', '4828']
    expect(
      different(
        await tryAll(
          counter,
          inTurn(devices, 5, (chat, at) => typed(chat, pins[at] ?? '')),
        ),
      ),
    ).toEqual([WRONG_PIN])
    const sweep = inTurn(devices, 60, (chat, index) => typed(chat, index % 2 === 0 ? '4829' : digits(index, 4)))
    expect(different(await tryAll(counter, sweep))).toEqual([LOCKED])
  })

  test('of guests at everything that only staff may type tell them nothing', async () => {
    const { number } = await counter.issue('olena', { redeemCode: 'FREECOFFEE' })
    const card = (await counter.issueCard('olena')).number ?? ''
    const [right, wrong] = [
      [number, card, 'FREECOFFEE', await show(), await tillCode('guest'), '4829'],
      ['AAAA-BBBB', 'AAAA-CCCC', 'FREETEA', '000000', '0000', '1357'],
    ]
    const guess = (all: readonly string[]) => (chat: string, index: number) =>
      typed(chat, all[index % all.length] ?? '')
    const lucky = await tryAll(counter, inTurn(named('lucky', 20), 75, guess(right)))
    const unlucky = await tryAll(counter, inTurn(named('unlucky', 20), 75, guess(wrong)))
    expect([...lucky.values()]).toEqual([...unlucky.values()])
  })
})

describe('the time of an answer', { timeout: WITHIN_MS }, () => {
  const SAMPLES = 15
  const samples = Array.from({ length: SAMPLES }, (_, index) => index)
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

  /** What most of the turns did; now and then the lane does something of its own in the middle of one. */
  const usual = (turns: readonly Turn[]): string => {
    const all = turns.map(({ statements }) => statements.join(', '))
    const times = (each: string) => all.filter((other) => other === each).length
    return all.toSorted((a, b) => times(b) - times(a))[0] ?? ''
  }
  /** The same statements follow a try that hits and one that does not; how long both take is printed, not judged. */
  const expectAlike = async (what: string, hit: (index: number) => Try, miss: (index: number) => Try) => {
    const hits: Turn[] = []
    const misses: Turn[] = []
    for (const index of samples) {
      hits.push(await turnOf(counter.foundation.db, () => tryAll(counter, [hit(index)])))
      misses.push(await turnOf(counter.foundation.db, () => tryAll(counter, [miss(index)])))
    }
    expect(usual(hits), what).toBe(usual(misses))
    expect(usual(hits)).toContain('update done')
    const [ofHits, ofMisses] = [hits, misses].map((turns) => median(turns.map(({ ms }) => ms)).toFixed(2))
    console.log(`${what}: ${ofHits} ms for a hit, ${ofMisses} ms for a miss (medians)`)
  }
  const useUp = (chat: string, count: number, make: (index: number) => Try) =>
    tryAll(
      counter,
      inTurn([chat], count, (_chat, index) => make(index)),
    )

  test('says nothing of a right one that comes too late', async () => {
    await withPhone('ivan', PHONE)
    const { number } = await counter.issue('olena')
    const shown = await show()
    const token = await counter.link({ kind: 'customer', customerId: counter.customerId('ivan') })
    await useUp('team', 20, () => typed('team', 'AAAA-BBBB'))
    await useUp('caller', 5, () => shared('caller', '+380509990000'))
    await useUp('opener', 5, () => opened('opener', 'NobodyGaveThisLink'))
    const guess = counter.foundation.till.change({ kind: 'guess' }, counter.businessId, counter.now())
    for (let count = 0; count < 30; count++) await counter.foundation.db.write(...guess)
    const code = await tillCode('guest')
    const wrong = (right: string) => [...right].map((digit) => (Number(digit) + 1) % 10).join('')
    await expectAlike(
      'a voucher number',
      () => typed('team', number),
      () => typed('team', 'AAAA-BBBB'),
    )
    const card = (await counter.issueCard('olena')).number ?? ''
    await expectAlike(
      'a card number',
      () => typed('team', card),
      () => typed('team', 'AAAA-CCCC'),
    )
    await expectAlike(
      'a shown code',
      () => typed('team', shown),
      () => typed('team', wrong(shown)),
    )
    await expectAlike(
      'a code at the till',
      () => typed('team', code),
      () => typed('team', wrong(code)),
    )
    await expectAlike(
      'a phone',
      () => shared('caller', PHONE),
      () => shared('caller', '+380509990000'),
    )
    await expectAlike(
      'a link',
      () => opened('opener', token),
      () => opened('opener', 'NobodyGaveThisLink'),
    )
  })

  test('says nothing at the till of a right code in a chat that has used up its own tries', async () => {
    const right = await tillCode('guest')
    const wrong = right === '0000' ? '1111' : '0000'
    await useUp('team', 5, () => typed('team', wrong))
    await expectAlike(
      'a code at the till, in one chat too many',
      () => typed('team', right),
      () => typed('team', wrong),
    )
  })

  test('says nothing of what is somebody else’s, over, or of two people', async () => {
    await withPhone('ivan', PHONE)
    await withPhone('son', PHONE)
    const used = await counter.link({ kind: 'customer', customerId: counter.customerId('ivan') })
    await linkBy('ivan', used)
    const { db, loyalty } = counter.foundation
    const own = await counter.issue('olena')
    await db.write(loyalty.addVoucher({ ...own, id: 'v_theirs', businessId: 'b_neighbour', number: 'CCCC-DDDD' }))
    const card = await counter.issueCard('olena')
    await db.write(loyalty.addCard({ ...card, id: 'card_theirs', businessId: 'b_neighbour', number: 'EEEE-FFFF' }))
    for (const index of samples) await counter.linkStaff(`till-${index}`)
    const theirs = (number: string) => (index: number) => typed(`till-${index}`, number)
    await expectAlike('a voucher of another business', theirs('CCCC-DDDD'), theirs('AAAA-BBBB'))
    await expectAlike('a card of another business', theirs('EEEE-FFFF'), theirs('AAAA-BBBB'))
    for (const index of samples) await counter.linkStaff(`bar-${index}`)
    await counter.customer('stepan', 'Stepan Melnyk')
    const erasedCard = (await counter.issueCard('stepan')).number ?? ''
    await counter.foundation.erasing.eraseCustomer(counter.customerId('stepan'))
    await expectAlike(
      'a card of an erased person',
      (index) => typed(`bar-${index}`, erasedCard),
      (index) => typed(`bar-${index}`, 'AAAA-BBBB'),
    )
    const erased = await erasedWithVoucher('LASTCOFFEE')
    for (const index of samples) await counter.linkStaff(`counter-${index}`)
    const named = (text: string) => (index: number) => typed(`counter-${index}`, text)
    await expectAlike('a voucher of an erased person', named(erased.number), named('AAAA-BBBB'))
    await expectAlike('a redeem code of an erased person', named('LASTCOFFEE'), named('LASTTEA'))
    await expectAlike(
      'a phone of two people',
      (index) => shared(`caller-${index}`, PHONE),
      (index) => shared(`other-${index}`, '+380509990000'),
    )
    await expectAlike(
      'a used link',
      (index) => opened(`opener-${index}`, used),
      (index) => opened(`other-opener-${index}`, 'NobodyGaveThisLink'),
    )
  })

  test('says nothing of a PIN of another place', async () => {
    await addPlaces()
    await hire('Bo', '7391', 'loc_center')
    await askForPin(samples.flatMap((index) => [`theirs-${index}`, `nobodys-${index}`]))
    await expectAlike(
      'a PIN of another place',
      (index) => typed(`theirs-${index}`, '7391'),
      (index) => typed(`nobodys-${index}`, '1357'),
    )
  })
})
