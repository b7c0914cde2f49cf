import { describe, expect, test } from 'vitest'
import { eventNames } from '../../src/events/glossary.js'
import { at, bare, event, NOW, openMirror } from './mirrored.js'

describe('first sight', () => {
  test('an event creates the customer with what it says of them', () => {
    const mirror = openMirror()
    mirror.apply(event('card_issued', at('12:00:00')))
    expect(mirror.customer).toMatchObject({
      externalId: 'c_789',
      walletPassId: 'wp_abc',
      name: 'Olena',
      phone: '+380501112233',
      email: 'olena@example.com',
      birthday: '1991-03-08',
      language: 'uk',
      isDemo: false,
    })
    expect(mirror.card).toMatchObject({ title: 'Coffee card', stamps: 0, stampsGoal: 8, goals: [3, 8], goalIndex: 0 })
    expect(mirror.transitions()).toMatchObject([
      { event: 'card_issued', card: { number: 'card_001', title: 'Coffee card', stamps: 0, stampsGoal: 8 } },
    ])
  })

  test('a person of the demo is marked, and stays so', () => {
    const mirror = openMirror({ isDemoPerson: true })
    mirror.applyAll([event('card_issued', at('12:00:00')), event('stamp_added', at('12:01:00'))])
    expect(mirror.customer?.isDemo).toBe(true)
    expect(mirror.news[0]?.customer.isDemo).toBe(true)
  })

  test('each of the 13 documented frames can be the first', () => {
    for (const name of eventNames) expect(openMirror().apply(event(name, at('12:00:00'))).kind).toBe('applied')
  })

  test('an event that names neither card nor voucher is about the customer alone', () => {
    const mirror = openMirror()
    for (const name of eventNames) expect(mirror.apply(bare(name, at('12:00:00'), {})).kind).toBe('applied')
    expect(mirror.card).toBeUndefined()
    expect(mirror.voucher).toBeUndefined()
  })
})

describe('the profile', () => {
  test('what was said later stands, and an older event fills what is empty', () => {
    const mirror = openMirror()
    mirror.apply(bare('card_opened', at('12:00:02'), { customer: { id: 'c_789', language: 'en' } }))
    mirror.apply(event('card_issued', at('12:00:01'), { customer: { id: 'c_789', language: 'uk', name: 'Olena' } }))
    expect(mirror.customer).toMatchObject({ language: 'en', name: 'Olena' })
  })

  test('an event that says less takes nothing away', () => {
    const mirror = openMirror()
    mirror.apply(event('card_issued', at('12:00:00')))
    mirror.apply(bare('card_opened', at('12:00:01'), { customer: { id: 'c_789', phone: null, name: '' } }))
    expect(mirror.customer).toMatchObject({ name: 'Olena', phone: '+380501112233' })
  })
})

describe('the count of a card', () => {
  const counted = (time: string, stamps: number) =>
    event('stamp_added', at(time), { card: { id: 'card_001', stamps, stamps_goal: 8 } })
  const added = (time: string, count: number) =>
    event('stamp_added', at(time), { card: { id: 'card_001' }, stamp: { count } })

  test('is unknown until an event carries it, and then contains what was added since', () => {
    const mirror = openMirror()
    mirror.apply(added('12:00:05', 1))
    expect(mirror.card?.stamps).toBeNull()
    expect(mirror.transitions()).toMatchObject([{ event: 'stamp_added', added: 1, card: { stamps: null } }])
    mirror.apply(counted('12:00:03', 4))
    expect(mirror.card?.stamps).toBe(5)
  })

  test('of a newer event stands, and a late one that it outdates is no news', () => {
    const mirror = openMirror()
    mirror.apply(counted('12:00:05', 5))
    mirror.apply(counted('12:00:03', 3))
    mirror.apply(added('12:00:04', 1))
    expect(mirror.card?.stamps).toBe(5)
    expect(mirror.news).toHaveLength(1)
  })

  test('starts again when the card does', () => {
    const mirror = openMirror()
    mirror.applyAll([counted('12:00:05', 8), counted('12:00:09', 0)])
    expect(mirror.card?.stamps).toBe(0)
  })

  test('is left alone by events that only mention the card', () => {
    const mirror = openMirror()
    mirror.apply(counted('12:00:05', 5))
    mirror.apply(event('voucher_redeemed', at('12:00:09')))
    mirror.apply(counted('12:00:07', 6))
    expect(mirror.card).toMatchObject({ stamps: 6, goalIndex: null })
  })
})

describe('a voucher', () => {
  const issued = (time: string) => event('voucher_issued', at(time))
  const redeemed = (time: string) => event('voucher_redeemed', at(time))
  const expired = (time: string) =>
    event('voucher_expired', at(time), { voucher: { id: 'v_555', title: 'Free coffee', status: 'expired' } })
  const eventsOf = (mirror: ReturnType<typeof openMirror>) => mirror.transitions().map((transition) => transition.event)

  test('is issued, redeemed, and each is told', () => {
    const mirror = openMirror()
    mirror.applyAll([issued('10:00:00'), redeemed('12:34:56')])
    expect(mirror.voucher).toMatchObject({
      state: 'redeemed',
      title: 'Free coffee',
      description: 'Any size',
      redeemCode: 'FREECOFFEE',
      expiresAt: Date.parse('2026-06-11T20:59:59Z'),
      redeemedVia: 'staff_scanner',
      number: 'AAAA-0000',
    })
    expect(eventsOf(mirror)).toEqual(['voucher_issued', 'voucher_redeemed'])
  })

  test('redeemed before anybody heard that it was issued is created redeemed; the late event fills its title', () => {
    const mirror = openMirror()
    mirror.apply(redeemed('12:34:56'))
    expect(mirror.voucher).toMatchObject({ state: 'redeemed', title: null })
    mirror.apply(issued('10:00:00'))
    expect(mirror.voucher).toMatchObject({ state: 'redeemed', title: 'Free coffee' })
    expect(eventsOf(mirror)).toEqual(['voucher_redeemed'])
  })

  test('redeemed twice is told once', () => {
    const mirror = openMirror()
    mirror.applyAll([issued('10:00:00'), redeemed('12:00:00'), redeemed('12:00:01'), redeemed('11:00:00')])
    expect(eventsOf(mirror)).toEqual(['voucher_issued', 'voucher_redeemed'])
    expect(mirror.voucher?.stateAt).toBe(Date.parse(at('11:00:00')))
  })

  test('that was redeemed has not expired, whatever comes later', () => {
    const mirror = openMirror()
    mirror.applyAll([issued('10:00:00'), redeemed('12:00:00'), expired('12:30:00')])
    expect(mirror.voucher?.state).toBe('redeemed')
    expect(eventsOf(mirror)).toEqual(['voucher_issued', 'voucher_redeemed'])
  })

  test('that is said to have expired, and then to have been redeemed, was redeemed', () => {
    const mirror = openMirror()
    mirror.applyAll([issued('10:00:00'), expired('12:00:00'), redeemed('11:59:00')])
    expect(mirror.voucher?.state).toBe('redeemed')
    expect(eventsOf(mirror)).toEqual(['voucher_issued', 'voucher_expired', 'voucher_redeemed'])
  })

  test('won in a lottery is there at once under the prize’s name, and told when it is issued', () => {
    const mirror = openMirror()
    mirror.apply(event('lottery_played', at('12:00:01')))
    expect(mirror.voucher).toMatchObject({ externalId: 'v_557', title: 'Free dessert', state: 'issued' })
    mirror.apply(event('voucher_issued', at('12:00:00'), { voucher: { id: 'v_557', title: 'Dessert of the day' } }))
    expect(mirror.voucher).toMatchObject({ title: 'Dessert of the day' })
    expect(mirror.transitions()).toMatchObject([
      { event: 'lottery_played', lottery: { result: 'won', title: 'Free dessert', greeting: 'You won a dessert!' } },
      { event: 'voucher_issued', voucher: { title: 'Dessert of the day' } },
    ])
  })

  test('may be active from the start', () => {
    const mirror = openMirror()
    mirror.apply(event('voucher_issued', at('12:00:00'), { voucher: { id: 'v_1', title: 'Tea', status: 'active' } }))
    expect(mirror.voucher?.state).toBe('active')
    expect(eventsOf(mirror)).toEqual(['voucher_issued'])
  })
})

describe('what is told', () => {
  test('a goal carries the reward it earned, where the event says', () => {
    const mirror = openMirror()
    mirror.apply(event('goal_reached', at('12:00:00'), { reward: { type: 'award', title: 'A cookie' } }))
    mirror.apply(event('goal_reached', at('12:30:00')))
    expect(mirror.transitions()).toMatchObject([
      { event: 'goal_reached', reward: 'A cookie', card: { stamps: 3, stampsGoal: 8 } },
      { event: 'goal_reached', reward: null },
    ])
  })

  test('the name of the location goes with it, once somebody gave it one', () => {
    const mirror = openMirror({ locationName: 'Podil' })
    mirror.apply(event('goal_reached', at('12:00:00')))
    expect(mirror.news).toMatchObject([{ locationName: 'Podil', cardId: mirror.card?.id }])
  })

  test('an event that is older than six hours is stale; the mirror takes it all the same', () => {
    const mirror = openMirror()
    const sixHoursAgo = NOW - 6 * 3_600_000
    mirror.apply(event('stamp_added', new Date(sixHoursAgo - 1).toISOString()))
    mirror.apply(event('goal_reached', new Date(sixHoursAgo).toISOString()))
    expect(mirror.news.map(({ isStale }) => isStale)).toEqual([true, false])
    expect(mirror.card?.stamps).toBe(3)
  })

  test('birthday, inactivity and campaign pass on what they say, and are no use of the card', () => {
    const mirror = openMirror()
    mirror.apply(event('stamp_added', at('09:00:00')))
    mirror.apply(event('birthday_reached', at('12:00:00')))
    mirror.apply(event('inactivity_trigger', at('12:00:01')))
    mirror.apply(event('campaign_sent', at('12:00:02')))
    expect(mirror.transitions().slice(1)).toMatchObject([
      { event: 'birthday_reached' },
      { event: 'inactivity_trigger', card: { stamps: 1 } },
      { event: 'campaign_sent', origin: '7stamp', text: 'Double stamps this weekend. See you!' },
    ])
    expect(mirror.card?.touchedAt).toBe(Date.parse(at('09:00:00')))
  })

  test.each([
    ['voucher', 'won'],
    ['Try-again', 'try_again'],
    ['no prize', 'no_prize'],
    ['a unicorn', 'unknown'],
    [undefined, 'unknown'],
  ])('a lottery with the result %s is %s', (result, expected) => {
    const mirror = openMirror()
    mirror.apply(event('lottery_played', at('12:00:00'), { lottery: { id: 'l_1', result } }))
    expect(mirror.transitions()).toMatchObject([{ lottery: { result: expected } }])
  })
})

describe('who may change what', () => {
  const ownCard = () => {
    const mirrored = openMirror()
    mirrored.apply(event('stamp_added', at('12:00:00')))
    mirrored.apply(event('voucher_issued', at('12:00:00')))
    const { customer, card, voucher } = mirrored
    return openMirror({
      customer,
      card: card && { ...card, master: 'own' },
      voucher: voucher && { ...voucher, master: 'own' },
    })
  }

  test('7stamp does not change a card that is ours, nor tells anybody about it', () => {
    const mirror = ownCard()
    const before = mirror.card
    const stamp = event('stamp_added', at('12:10:00'), { card: { id: 'card_001', stamps: 7 } })
    expect(mirror.apply(stamp)).toEqual({ kind: 'ignored', reason: 'managed_by_own' })
    expect(mirror.apply(event('voucher_redeemed', at('12:10:00')))).toEqual({
      kind: 'ignored',
      reason: 'managed_by_own',
    })
    expect(mirror.card).toBe(before)
    expect(mirror.voucher?.state).toBe('issued')
    expect(mirror.news).toEqual([])
  })

  test('we do not change one of 7stamp’s', () => {
    const mirror = openMirror()
    mirror.apply(event('stamp_added', at('12:00:00')))
    const result = mirror.apply(event('stamp_added', at('12:10:00'), {}, 'till'))
    expect(result).toEqual({ kind: 'ignored', reason: 'managed_by_7stamp' })
  })

  test.each(['inactivity_trigger', 'reward_issued', 'voucher_issued'] as const)(
    'nor does 7stamp’s %s tell anybody who has such a card',
    (name) => {
      const mirror = ownCard()
      expect(mirror.apply(event(name, at('12:20:00')))).toEqual({ kind: 'ignored', reason: 'managed_by_own' })
      expect(mirror.news).toEqual([])
    },
  )

  test('nor what names no card, of somebody whose cards are all ours', () => {
    const { customer } = ownCard()
    const mirror = openMirror({ customer, isAdopted: true })
    const birthday = bare('birthday_reached', at('12:20:00'), {})
    expect(mirror.apply(birthday)).toEqual({ kind: 'ignored', reason: 'managed_by_own' })
  })

  test('an erased person is left alone', () => {
    const mirror = openMirror()
    mirror.apply(event('card_issued', at('12:00:00')))
    if (!mirror.customer) throw new Error('no customer')
    const erased = openMirror({ customer: { ...mirror.customer, name: null, erasedAt: NOW } })
    expect(erased.apply(event('stamp_added', at('12:10:00')))).toEqual({ kind: 'erased' })
  })
})
