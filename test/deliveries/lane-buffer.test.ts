import { describe, expect, test } from 'vitest'
import { PRIORITY } from '../../src/deliveries/delivery.js'
import { LaneBuffer, type Waiting } from '../../src/deliveries/lane-buffer.js'
import type { ClaimedContent } from '../../src/deliveries/lane-driver.js'

const waiting = (id: string, { isWarm = true, ...change }: Partial<ClaimedContent & Waiting> = {}): Waiting => ({
  delivery: { ...claimed(id), ...change },
  prepared: { address: id, message: { id, text: '' }, warmUp: null },
  isWarm,
})
const claimed = (id: string): ClaimedContent => ({
  id,
  businessId: 'b_1',
  purpose: 'event',
  source: 'evt_1',
  recipientKind: 'customer',
  recipientId: `c_${id}`,
  channel: 'messengers',
  class: 'service',
  lane: 'lane',
  chatId: `chat_${id}`,
  priority: PRIORITY.event,
  attempts: 0,
  editsId: null,
  voucherId: null,
  carries: null,
  content: { phrases: [] },
})
const broadcast = (id: string) => waiting(id, { priority: PRIORITY.broadcast })
const filled = (...all: Waiting[]): LaneBuffer => {
  const buffer = new LaneBuffer(10, 4)
  for (const each of all) buffer.add(each)
  return buffer
}
const ids = (batch: readonly Waiting[]) => batch.map(({ delivery }) => delivery.id)
const anyChat = () => true

describe('what a lane has in hand', () => {
  test('goes in its order, events first', () => {
    const buffer = filled(broadcast('b1'), waiting('e1'), broadcast('b2'), waiting('e2'))
    expect(ids(buffer.take(3, anyChat))).toEqual(['e1', 'e2', 'b1'])
    expect(ids(buffer.take(3, anyChat))).toEqual(['b2'])
    expect(buffer.size).toBe(0)
  })

  test('goes one for each chat at a time, only what is ready, and only to chats whose turn it is', () => {
    const buffer = filled(
      waiting('e1', { chatId: 'same' }),
      waiting('e2', { chatId: 'same' }),
      waiting('e3', { isWarm: false }),
      waiting('e4', { chatId: 'not now' }),
      waiting('e5'),
    )
    expect(ids(buffer.take(10, (chatId) => chatId !== 'not now'))).toEqual(['e1', 'e5'])
  })

  test('what is put back goes first', () => {
    const buffer = filled(waiting('e1'), waiting('e2'), broadcast('b1'))
    const batch = buffer.take(1, anyChat)
    buffer.putBack(batch)
    expect(ids(buffer.take(3, anyChat))).toEqual(['e1', 'e2', 'b1'])
  })

  test('broadcasts in hand do not keep events out', () => {
    const buffer = filled(...Array.from({ length: 10 }, (_, n) => broadcast(`b${n}`)))
    expect(buffer.wanted).toEqual({ events: 10, broadcasts: 0 })
  })

  test('more are wanted when few are left', () => {
    const buffer = filled(...Array.from({ length: 4 }, (_, n) => waiting(`e${n}`)))
    expect(buffer.wanted).toEqual({ events: 0, broadcasts: 0 })
    buffer.take(1, anyChat)
    expect(buffer.wanted).toEqual({ events: 7, broadcasts: 7 })
  })

  test('tells the least wait of those that are ready', () => {
    const waitMs = (chatId: string) => (chatId === 'chat_e1' ? 300 : 100)
    expect(filled(waiting('e1'), waiting('e2')).leastWaitMs(waitMs)).toBe(100)
    expect(filled(waiting('e1'), waiting('e2', { isWarm: false })).leastWaitMs(waitMs)).toBe(300)
    expect(filled(waiting('e1', { isWarm: false })).leastWaitMs(waitMs)).toBeNull()
  })

  test('knows what it holds, and forgets what is taken away', () => {
    const [e1, b1] = [waiting('e1'), broadcast('b1')]
    const buffer = filled(e1, b1)
    expect(buffer.ids).toEqual(['e1', 'b1'])
    expect([buffer.remove(b1), buffer.remove(b1)]).toEqual([true, false])
    expect(buffer.ids).toEqual(['e1'])
  })
})
