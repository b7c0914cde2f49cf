import { describe, expect, test } from 'vitest'
import { type Frame, frame } from './frames.js'
import { parse, voucherFrame, wrongFields } from './parsed-event.js'

const withCustomer = (customer: object): Frame => ({ ...frame('card_opened'), customer: { id: 'c_789', ...customer } })

describe('ids', () => {
  test('a number is an id, in text', () => {
    const { event } = parse({ ...frame('card_saved'), business_id: 12, customer: { id: 113772 }, card: { id: 0 } })
    expect(event).toMatchObject({ business_id: '12', customer: { id: '113772' }, card: { id: '0' } })
  })

  test('but not one that a double has rounded: two customers must not become one', () => {
    expect(wrongFields({ ...frame('card_saved'), customer: { id: 2 ** 53 } })).toHaveProperty(['customer.id'])
    expect(wrongFields({ ...frame('card_saved'), customer: { id: 1.5 } })).toHaveProperty(['customer.id'])
  })

  test('space around an id is not part of it', () => {
    expect(parse({ ...frame('card_saved'), business_id: ' b_1\n' }).event.business_id).toBe('b_1')
  })
})

describe('times', () => {
  const timestampOf = (timestamp: unknown) => parse({ ...frame('card_saved'), timestamp }).event.timestamp

  test.each([
    ['2026-05-11T12:34:56Z', '2026-05-11T12:34:56.000Z'],
    ['2026-05-11T12:34:56.789Z', '2026-05-11T12:34:56.789Z'],
    ['2026-05-11T12:34:56.123456Z', '2026-05-11T12:34:56.123Z'],
    ['2026-05-11T15:34:56+03:00', '2026-05-11T12:34:56.000Z'],
    ['2026-05-11T08:34:56-0400', '2026-05-11T12:34:56.000Z'],
    ['2026-05-11 12:34:56Z', '2026-05-11T12:34:56.000Z'],
    ['2026-05-11T12:34z', '2026-05-11T12:34:00.000Z'],
    [1_778_502_896, '2026-05-11T12:34:56.000Z'],
    [1_778_502_896_789, '2026-05-11T12:34:56.789Z'],
    ['1778502896', '2026-05-11T12:34:56.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (given, read) => {
    expect(timestampOf(given)).toBe(read)
  })

  test.each([
    '2026-05-11T12:34:56',
    '2026-05-11',
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-05-11T24:00:00Z',
    '2026-05-11T12:34:60Z',
    '2026-05-11T12:34:56+99:00',
    '1900-01-01T00:00:00Z',
    '1999-12-31T23:59:59Z',
    '+020260-01-01T00:00:00Z',
    'now',
    '',
    0,
    -1,
    1e300,
    Number.NaN,
    true,
    null,
  ])('%s is refused', (given) => {
    expect(Object.keys(wrongFields({ ...frame('card_saved'), timestamp: given }))).toEqual(['timestamp'])
  })

  test('a clock up to a day ahead is believed; further ahead the time of receipt counts, and a note says so', () => {
    const tomorrow = '2027-03-09T08:00:00.000Z'
    expect(timestampOf(tomorrow)).toBe(tomorrow)
    const { event, notes } = parse({ ...frame('card_saved'), timestamp: '2099-01-01T00:00:00Z' })
    expect(event.timestamp).toBe('2027-03-08T08:00:00.000Z')
    expect(notes).toEqual([{ field: 'timestamp', message: 'is more than a day ahead; the time of receipt is used' }])
  })

  test('a voucher that expires on a date lasts to the end of it', () => {
    const { event } = parse(voucherFrame({ expires_at: '2026-06-11' }))
    expect(event).toMatchObject({ voucher: { expires_at: '2026-06-11T23:59:59.999Z' } })
    expect(Object.keys(wrongFields(voucherFrame({ expires_at: 'soon' })))).toEqual(['voucher.expires_at'])
  })
})

describe('what is known of the customer', () => {
  const read = (customer: object) => parse(withCustomer(customer)).event.customer

  test.each([
    ['+380501112233', '+380501112233'],
    [' +38 (050) 111-22-33 ', '+380501112233'],
    ['00380501112233', '+380501112233'],
    ['+821012345678', '+821012345678'],
  ])('the phone %s is %s', (phone, e164) => {
    expect(read({ phone }).phone).toBe(e164)
  })

  test.each(['0501112233', '380501112233', '+', '+12', 'call me', '+380501112233 +380501112234', 380501112233])(
    'the phone %s is left out, and a note says so',
    (phone) => {
      const { event, notes } = parse(withCustomer({ phone, name: 'Olena' }))
      expect(JSON.parse(JSON.stringify(event.customer))).toEqual({ id: 'c_789', name: 'Olena' })
      expect(notes).toEqual([
        { field: 'customer.phone', message: expect.stringContaining('is not a phone number with its country code') },
      ])
    },
  )

  test('the email address is in lower case', () => {
    expect(read({ email: ' Olena@Example.COM ' }).email).toBe('olena@example.com')
    for (const email of [
      'olena',
      'a@b',
      'a b@example.com',
      '@example.com',
      'a@example..com',
      `${'x'.repeat(250)}@e.com`,
    ])
      expect(parse(withCustomer({ email })).notes).toMatchObject([{ field: 'customer.email' }])
  })

  test.each([
    ['1991-03-08', '1991-03-08'],
    ['1992-02-29', '1992-02-29'],
    ['1991-03-08T00:00:00Z', '1991-03-08'],
    ['03-08', '--03-08'],
    ['--02-29', '--02-29'],
    ['0000-03-08', '--03-08'],
    ['1604-02-29', '--02-29'],
  ])('the birthday %s is %s', (birthday, day) => {
    expect(read({ birthday }).birthday).toBe(day)
  })

  test.each(['1991-02-29', '1991-13-01', '1991-04-31', '0000-00-00', '2200-01-01', '8.3.1991'])(
    'there is no birthday %s',
    (birthday) => {
      expect(parse(withCustomer({ birthday })).notes).toMatchObject([{ field: 'customer.birthday' }])
    },
  )

  test.each([
    ['uk', 'uk'],
    ['EN', 'en'],
    ['pt_BR', 'pt-BR'],
    ['zh-Hant-TW', 'zh-Hant-TW'],
  ])('the language %s is %s', (language, tag) => {
    expect(read({ language }).language).toBe(tag)
  })

  test('a language that is no tag is left out', () => {
    for (const language of ['English', 'x', 'uk;q=1'])
      expect(parse(withCustomer({ language })).notes).toMatchObject([{ field: 'customer.language' }])
  })
})

describe('a block that belongs to another event', () => {
  test('is read where it comes', () => {
    const { event } = parse({ ...frame('card_opened'), voucher: { id: 7, title: ' Free coffee ' } })
    expect(event).toMatchObject({ voucher: { id: '7', title: 'Free coffee' } })
  })

  test.each([{ id: { a: 1 } }, 7, 'v_1', [], { expires_at: 'soon' }])(
    'is left out where it makes no sense: %j',
    (odd) => {
      const { event } = parse({ ...frame('card_opened'), voucher: odd, lottery: odd, reward: odd })
      expect(Object(event).voucher).toBeUndefined()
    },
  )
})
