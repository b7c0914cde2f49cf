import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { planned } from '../support/dispatcher.js'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const frame = (event: string, more: object = {}) => ({
  event,
  timestamp: new Date().toISOString(),
  business_id: 'b_123',
  customer: { id: 'c_789', language: 'en', name: 'Olena Koval' },
  card: { id: 'card_001', title: 'Coffee card', stamps: 3, stamps_goal: 8, goals: [3, 8], goal_index: 0 },
  ...more,
})
const SOON = { timeout: 8_000, interval: 20 }

describe('a chat in odd circumstances', () => {
  let bot: TestBot
  beforeEach(async () => {
    bot = await openTestBot()
  })
  afterEach(() => bot.close())

  test('a staff group that moved keeps its alerts, also when somebody wrote in the new one first', async () => {
    const payload = await bot.link({ kind: 'staff' })
    await bot.does('group', { kind: 'start', payload }, { isPrivate: false })
    await vi.waitFor(() => expect(bot.textsOf('group')).toHaveLength(1), SOON)
    await bot.does('supergroup', { kind: 'start', payload: 'nothing' }, { isPrivate: false })
    await vi.waitFor(() => expect(bot.textsOf('supergroup')).toHaveLength(1), SOON)
    bot.answerWith(({ address }) =>
      address === 'group'
        ? { status: 'unreachable', reason: 'upgraded', movedTo: 'supergroup' }
        : { status: 'sent', messageId: 'm' },
    )
    await bot.event(frame('goal_reached', { reward: { type: 'voucher', title: 'Free coffee' } }))
    await vi.waitFor(() => expect(bot.textsOf('supergroup').at(-1)).toContain('Free coffee'), SOON)
    const { db, chats } = bot.foundation
    const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address: 'supergroup' }))
    expect(chat?.role).toBe('staff')
  })

  test('who says STOP while the lane is paused is told so when it opens', async () => {
    await bot.does('olena', { kind: 'text', text: 'hello' })
    await vi.waitFor(() => expect(bot.textsOf('olena')).toHaveLength(1), SOON)
    let isFirst = true
    bot.answerWith(() => {
      const result = { status: 'not_sent', reason: '429', pauseLaneMs: 500 } as const
      const answer = isFirst ? result : ({ status: 'sent', messageId: 'm' } as const)
      isFirst = false
      return answer
    })
    await bot.does('olena', { kind: 'text', text: 'STOP' })
    await vi.waitFor(() => expect(bot.textsOf('olena')).toHaveLength(2), SOON)
    expect(bot.textsOf('olena').at(-1)).toContain('START')
  })

  test('a message of a business that is gone fails, and its neighbour leaves', async () => {
    const { db, chats, ledger } = bot.foundation
    await bot.does('olena', { kind: 'text', text: 'hello' })
    await vi.waitFor(() => expect(bot.textsOf('olena')).toHaveLength(1), SOON)
    const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address: 'olena' }))
    const to = planned('', { recipientKind: 'chat', recipientId: chat?.id ?? '', lane: 'telegram:test' })
    const [orphan, neighbour] = [
      { ...to, id: 'orphan', businessId: 'b_gone', position: 1 },
      { ...to, id: 'neighbour', businessId: bot.businessId, position: 2, content: { phrases: [{ text: 'News' }] } },
    ]
    await db.write(...[orphan, neighbour].flatMap((delivery) => ledger.plan(delivery, Date.now())))
    await vi.waitFor(() => expect(bot.textsOf('olena').at(-1)).toBe('News'), SOON)
    expect((await db.read(ledger.byId({ id: 'orphan' })))[0]).toMatchObject({ state: 'failed' })
  })
})
