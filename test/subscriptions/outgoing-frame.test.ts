import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/events/aliases.js'
import { eventNames } from '../../src/events/glossary.js'
import { parseEvent } from '../../src/events/parse-event.js'
import { outgoingFrame } from '../../src/subscriptions/outgoing-frame.js'
import { frame, frameNames } from '../events/frames.js'

const AT = Date.parse('2026-05-11T13:00:00Z')
const ID = 'evt_0123'
const CONTACT = { name: 'Nina Kovalenko', phone: '+380501112233', email: 'nina@example.com', birthday: '1991-03-08' }

const sent = (stored: object, includeContact = false): Record<string, unknown> => {
  const parsed = parseEvent(canonical(stored), AT)
  if (parsed.kind !== 'event') throw new Error('no event')
  return JSON.parse(outgoingFrame(ID, parsed.event, includeContact))
}
const about = (customer: object, more: object = {}) => ({
  ...frame('stamp_added'),
  customer: { id: 'customer_1', ...customer },
  ...more,
})

describe('what a subscriber is sent', () => {
  test.each(eventNames)('%s: the documented frame with our id, which reads as the same event again', (name) => {
    const body = sent(frame(name))
    expect(body).toMatchObject({ id: ID, event: name, business_id: frame(name).business_id })
    expect(sent(body)).toEqual(body)
  })

  test.each(frameNames.filter((name) => name.includes('.')))('%s: in English, whatever language it came in', (name) => {
    const body = sent(frame(name))
    expect(body).toMatchObject({ event: 'voucher_redeemed', card: {}, voucher: {} })
    expect(Object.keys(body).join()).toMatch(/^[a-z_,]+$/)
  })

  test('name, phone, email and birthday only where they were asked for', () => {
    expect(sent(about(CONTACT), true)).toMatchObject({ customer: CONTACT })
    const text = JSON.stringify(sent(about(CONTACT)))
    for (const value of Object.values(CONTACT)) expect(text).not.toContain(value)
  })

  test('what a sender adds of its own, to the frame or to any block, only where contact was asked for', () => {
    const more = { note: 'of Nina', card: { id: 'card_1', owner: 'Nina' }, stamp: { count: 1, given_to: 'Nina' } }
    expect(JSON.stringify(sent(about({ nickname: 'Nina' }, more)))).not.toContain('Nina')
    expect(sent(about({ nickname: 'Nina' }, more))).toMatchObject({ card: { id: 'card_1' }, stamp: { count: 1 } })
    expect(sent(about({ nickname: 'Nina' }, more), true)).toMatchObject(more)
  })

  test('of our own events who redeemed and what was taken back', () => {
    const own = { redemption: { id: 'red_1', staff_id: 'staff_1' }, undoes: 'red_0' }
    expect(sent({ ...frame('voucher_redeemed'), ...own })).toMatchObject(own)
  })
})
