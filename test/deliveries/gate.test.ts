import { describe, expect, test } from 'vitest'
import type { Claimed, DeliveryState } from '../../src/deliveries/delivery.js'
import { PASS, planEdit, type Verdict, verdictOf } from '../../src/deliveries/gate.js'

const NOW = 1_000_000
const DELIVERY: Claimed = {
  id: 'd_1',
  businessId: 'b_1',
  purpose: 'event',
  source: 'evt_1',
  recipientKind: 'customer',
  recipientId: 'c_1',
  channel: 'messengers',
  class: 'service',
  lane: 'lane',
  chatId: 'chat_1',
  priority: 1,
  attempts: 0,
  editsId: null,
  voucherId: null,
  carries: null,
}
const edited = (state: DeliveryState, messageId: string | null = null, dueAt = 0) => ({ state, messageId, dueAt })

describe('how an edit goes out', () => {
  test.each(['sent', 'delivered', 'read'] as const)('a message that is %s is edited in place', (state) => {
    expect(planEdit(edited(state, 'm-1'), null, NOW)).toEqual({ kind: 'edit', messageId: 'm-1' })
  })

  test('what may have been delivered, but under no known id, is followed by a new message', () => {
    expect(planEdit(edited('unknown'), null, NOW)).toEqual({ kind: 'send' })
    expect(planEdit(edited('sent'), null, NOW)).toEqual({ kind: 'send' })
    expect(planEdit(undefined, null, NOW)).toEqual({ kind: 'send' })
  })

  test('what was unknown and has an id by now is edited, though it was replaced meanwhile', () => {
    expect(planEdit(edited('unknown', 'm-1'), null, NOW)).toEqual({ kind: 'edit', messageId: 'm-1' })
    expect(planEdit(edited('unknown', 'm-1'), edited('sent', 'm-2'), NOW)).toEqual({ kind: 'edit', messageId: 'm-1' })
  })

  test('a new message in the place of a lost one is edited from then on, once it is known to be there', () => {
    const planAfter = (replacement: ReturnType<typeof edited>) => planEdit(edited('unknown'), replacement, NOW)
    expect(planAfter(edited('sent', 'm-2'))).toEqual({ kind: 'edit', messageId: 'm-2' })
    expect(planAfter(edited('sending'))).toEqual({ kind: 'wait', until: NOW + 500 })
    for (const lost of ['unknown', 'failed', 'skipped', 'cancelled'] as const)
      expect(planAfter(edited(lost))).toEqual({ kind: 'send' })
  })

  test.each(['failed', 'skipped', 'cancelled'] as const)('a message that is %s has nothing to edit', (state) => {
    expect(planEdit(edited(state), null, NOW)).toEqual({ kind: 'drop' })
  })

  test.each(['pending', 'sending'] as const)('it waits for a message that is %s', (state) => {
    expect(planEdit(edited(state), null, NOW)).toEqual({ kind: 'wait', until: NOW + 500 })
  })

  test('it does not look every half second for a message that is itself put off', () => {
    expect(planEdit(edited('pending', null, NOW + 60_000), null, NOW)).toEqual({ kind: 'wait', until: NOW + 60_500 })
  })
})

describe('the verdict of several checks', () => {
  const skip = (reason: string): Verdict => ({ kind: 'skip', reason })

  test('is the first objection', () => {
    expect(verdictOf([() => PASS, () => skip('first'), () => skip('second')], DELIVERY)).toEqual(skip('first'))
  })

  test('is to pass where there is none', () => {
    expect(verdictOf([() => PASS, () => PASS], DELIVERY)).toBe(PASS)
    expect(verdictOf([], DELIVERY)).toBe(PASS)
  })
})
