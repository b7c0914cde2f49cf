import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.js'
import { type Counter, openCounter } from './counter.js'

const TODAY = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'Europe/Kyiv',
})
const GROUP = { isPrivate: false, speaker: { id: '501', name: 'Ann' } }

let counter: Counter
beforeEach(async () => {
  counter = await openCounter()
})
afterEach(() => counter.close())

const idOf = async (address: string) => {
  const { db, chats } = counter.foundation
  const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address }))
  return chat?.id ?? ''
}
/** A goal, of which every staff chat hears. */
const goal = () =>
  counter.event({
    event: 'goal_reached',
    timestamp: new Date(counter.now()).toISOString(),
    business_id: 'b_123',
    customer: { id: 'olena', language: 'en', name: 'Olena Koval' },
    card: { id: 'card_olena', stamps: 8, stamps_goal: 8 },
  })
const removesLeaver = async () => {
  await counter.says('team', '/staff')
  await counter.presses('team', 'Remove No. 2')
  return counter.presses('team', 'Yes, remove')
}

test('the owner sees the chats of the team, and removes one after a question', async () => {
  await counter.linkStaff('leaver')
  await counter.linkStaff('group', GROUP)
  const since = TODAY.format(counter.now())
  expect(await counter.says('team', '/staff')).toBe(
    [
      'Staff chats of Corner Coffee:',
      `1. Telegram, this chat, since ${since}`,
      `2. Telegram, one person, since ${since}`,
      `3. Telegram, a group, since ${since}`,
      '[Remove No. 2]',
      '[Remove No. 3]',
    ].join('\n'),
  )
  expect(await counter.presses('team', 'Remove No. 2')).toContain('Remove this chat from the team?')
  expect(await counter.presses('team', 'No')).toBe('All right, nothing is changed.')
  expect(await removesLeaver()).toBe('Done, that chat does not belong to the team any more.')
  expect(await counter.says('team', '/staff')).not.toContain('one person')
})

test('a leaver’s chat gets nothing and may do nothing', async () => {
  const voucher = await counter.issue('olena')
  const card = await counter.issueCard('olena')
  await counter.linkStaff('leaver')
  await counter.says('leaver', card.number ?? '')
  await counter.presses('leaver', '+1')
  await counter.says('leaver', voucher.number)
  await removesLeaver()
  const before = counter.textsOf('leaver').length
  await goal()
  await vi.waitFor(() => expect(counter.textsOf('team').at(-1)).toContain('Olena K. reached'))
  expect(counter.textsOf('leaver')).toHaveLength(before)

  const hint = 'Sorry, I did not understand that. Please use the menu.'
  expect(await counter.says('leaver', voucher.number)).toContain(hint)
  for (const button of ['Redeem', '+1 more', 'Undo']) expect(await counter.presses('leaver', button)).toContain(hint)
  for (const typed of [card.number ?? '', '+2', '/stamp +2'])
    expect(await counter.says('leaver', typed)).toContain(hint)
  expect(await counter.stampsOn(card)).toBe(1)
  expect(await counter.says('leaver', '/staff')).toContain(hint)
  expect(await counter.says('leaver', '4821')).toContain(hint)
})

test('an alert that waited while the chat was removed does not reach it', async () => {
  await counter.linkStaff('leaver')
  counter.answerWith(({ address }) =>
    address === 'leaver'
      ? { status: 'not_sent', reason: 'slow down', retryAfterMs: 500 }
      : { status: 'sent', messageId: `m${counter.shown.length}` },
  )
  await goal()
  await vi.waitFor(() => expect(counter.textsOf('team').at(-1)).toContain('Olena K. reached'))
  await removesLeaver()
  counter.answerWith(() => ({ status: 'sent', messageId: `m${counter.shown.length}` }))
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(counter.textsOf('leaver').join()).not.toContain('reached')
})

test('a group shows and removes nothing', async () => {
  await counter.linkStaff('group', GROUP)
  expect(await counter.says('group', '/staff', GROUP)).toBe(
    "Only the owner's own chat with Corner Coffee shows and removes staff chats.",
  )
})

test('a chat that has left the team already is not removed again, nor is a customer’s', async () => {
  await counter.linkCustomer('olena', 'olena')
  for (const address of ['olena', 'team']) {
    const action = `staff:${await idOf(address)}:yes:${counter.now().toString(36)}`
    const before = counter.textsOf('team').length
    await counter.does('team', { kind: 'action', action })
    await counter.settled('team', before + 1)
    expect(counter.read('team')).toBe('That chat does not belong to the team.')
  }
  expect(await counter.says('olena', '/card')).toContain('Your stamp card at Corner Coffee')
})

test('the command line lists the chats of the team and removes one', async () => {
  await counter.linkStaff('leaver')
  const context = { foundation: counter.foundation, firstBusinessId: counter.businessId }
  const run = (words: string, ...args: string[]) => COMMANDS[words]?.run(context, args)
  expect((await run('staff chats'))?.rows).toHaveLength(2)
  expect(await run('staff unlink', await idOf('leaver'))).toMatchObject({
    empty: 'That chat does not belong to the team any more.',
  })
  expect((await run('staff chats'))?.rows).toHaveLength(1)
  expect(await run('staff unlink', await idOf('leaver'))).toMatchObject({ failed: true })
})
