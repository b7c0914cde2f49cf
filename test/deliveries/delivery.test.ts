import { describe, expect, test } from 'vitest'
import { canMove, type DeliveryState, deliveryId, statesBefore } from '../../src/deliveries/delivery.js'

const STATES: DeliveryState[] = [
  'pending',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'skipped',
  'cancelled',
  'unknown',
]

describe('the states of a delivery', () => {
  test('lead from planned to read', () => {
    const path: DeliveryState[] = ['pending', 'sending', 'sent', 'delivered', 'read']
    for (const [position, state] of path.entries()) {
      const next = path[position + 1]
      if (next) expect(canMove(state, next)).toBe(true)
    }
  })

  test('only rise once a message was sent', () => {
    const rank: DeliveryState[] = ['sending', 'sent', 'delivered', 'read']
    for (const [higher, from] of rank.entries())
      for (const to of rank.slice(0, higher)) expect(canMove(from, to), `${from} to ${to}`).toBe(false)
  })

  test('never lead past the gate', () => {
    expect(statesBefore('sending')).toEqual(['pending'])
  })

  test('never lead back from what may have been delivered without somebody’s decision or a late result', () => {
    expect(STATES.filter((from) => canMove(from, 'pending'))).toEqual(['sending', 'failed', 'skipped', 'unknown'])
    for (const end of ['read', 'cancelled'] as const) expect(STATES.filter((to) => canMove(end, to))).toEqual([])
  })

  test('never lead from a state to itself', () => {
    for (const state of STATES) expect(canMove(state, state), state).toBe(false)
  })
})

describe('a delivery’s id', () => {
  test('is the same for the same cause, recipient and channel, in every process', () => {
    expect(deliveryId('event', 'evt_1', 'c_1', 'messengers')).toBe(deliveryId('event', 'evt_1', 'c_1', 'messengers'))
    expect(deliveryId('event', 'evt_1', 'c_1', 'messengers')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/)
  })

  test('differs with each of them, also where their texts run together', () => {
    const ids = [
      deliveryId('event', 'evt_1', 'c_1', 'messengers'),
      deliveryId('receipt', 'evt_1', 'c_1', 'messengers'),
      deliveryId('event', 'evt_2', 'c_1', 'messengers'),
      deliveryId('event', 'evt_1', 'c_2', 'messengers'),
      deliveryId('event', 'evt_1', 'c_1', 'email'),
      deliveryId('event', 'evt_1c', '_1', 'messengers'),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })
})
