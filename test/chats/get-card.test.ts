import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Input } from '../../bots/messenger.js'
import { createLookupStore } from '../../src/loyalty/lookup-store.js'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }
const JOIN: Input = { kind: 'start', payload: 'j_loc_podil' }
const ASK: Input = { kind: 'action', action: 'get_card' }
const YES: Input = { kind: 'action', action: 'get_card:yes' }
const ABOUT = { speaker: { id: 'olena', name: 'Olena Koval' } }

let bot: TestBot
beforeEach(async () => {
  bot = await openTestBot()
})
afterEach(() => bot.close())

const settled = (address: string, count: number) =>
  vi.waitFor(() => expect(bot.textsOf(address)).toHaveLength(count), SOON)
const last = (address: string) => bot.shown.findLast((each) => each.address === address)?.message
const buttonsOf = (address: string) => (last(address)?.buttons ?? []).flat().map(({ label }) => label)
const offerCards = () =>
  bot.foundation.own.saveCardTemplate({
    businessId: bot.businessId,
    id: null,
    key: null,
    rules: {
      title: 'Coffee card',
      goals: [
        { stamps: 3, reward: { kind: 'award', title: 'Cookie' } },
        { stamps: 8, reward: { kind: 'award', title: 'Free coffee' } },
      ],
      stamping: { kind: 'per_order' },
      afterLastGoal: 'start_over',
    },
    now: Date.now(),
  })
test('a guest at the counter gets a card of the business’s own in two taps, and then the consent question', async () => {
  await offerCards()
  await bot.does('olena', JOIN, ABOUT)
  await settled('olena', 1)
  expect(buttonsOf('olena')).toContain('Get a card')
  await bot.does('olena', ASK, ABOUT)
  await settled('olena', 2)
  expect(last('olena')?.text).toBe(
    'A stamp card of Corner Coffee, here in this chat: Coffee card\n3 stamps: Cookie\n8 stamps: Free coffee',
  )
  expect(buttonsOf('olena')).toEqual(['Yes, get the card', 'Not now'])
  await bot.does('olena', YES, ABOUT)
  await settled('olena', 4)
  const [card, question] = bot.shown.slice(-2)
  expect(card?.message.text).toMatch(
    /^Done, Olena Koval! This chat now shows your card at Corner Coffee\.\nStamps: 0 of 8\n/,
  )
  expect(card?.message.picture).toBeDefined()
  expect(question?.message.text).toContain('news and offers')
})

test('/getcard is understood however the messenger brings it', async () => {
  await offerCards()
  for (const [count, input] of [
    [1, { kind: 'text', text: '/getcard' }],
    [2, { kind: 'action', action: 'getcard' }],
  ] as const) {
    await bot.does('olena', input, ABOUT)
    await settled('olena', count)
    expect(buttonsOf('olena')).toEqual(['Yes, get the card', 'Not now'])
  }
})

test('asked again it is the same card, told once, and the team’s cashier finds it by its number', async () => {
  await offerCards()
  await bot.does('olena', YES, ABOUT)
  await settled('olena', 2)
  const number = /No\. (\S+)/.exec(bot.textsOf('olena')[0] ?? '')?.[1]
  expect(number).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  await bot.does('olena', { kind: 'action', action: 'unlink' })
  await bot.does('olena', { kind: 'action', action: 'unlink:yes' })
  await settled('olena', 4)
  await bot.does('olena', YES, ABOUT)
  await settled('olena', 5)
  expect(last('olena')?.text).toContain(`No. ${number}`)
  const owner = await bot.foundation.db.read(
    createLookupStore(bot.foundation.db).ownersOfNumber({
      businessIds: JSON.stringify([bot.businessId]),
      number: number ?? '',
    }),
  )
  expect(owner).toHaveLength(1)
  // Any webhook has what waits in the journal applied: a message about the new card would be held now.
  await bot.event({
    event: 'card_opened',
    timestamp: new Date().toISOString(),
    business_id: 'b_1',
    customer: { id: 'c_1' },
  })
  const told = await bot.foundation.db.read(bot.foundation.ledger.countByState({}))
  expect(told).toEqual([expect.objectContaining({ state: 'sent', count: 5 })])
})

test('who says not now gets nothing, and may change their mind', async () => {
  await offerCards()
  await bot.does('olena', ASK, ABOUT)
  await bot.does('olena', { kind: 'action', action: 'get_card:no' }, ABOUT)
  await settled('olena', 2)
  expect(last('olena')?.text).toBe('All right. The card stays here for you: /getcard.')
  await bot.does('olena', { kind: 'text', text: '/getcard' }, ABOUT)
  await settled('olena', 3)
  expect(buttonsOf('olena')).toEqual(['Yes, get the card', 'Not now'])
})

test('where all cards are 7stamp’s nothing is given here', async () => {
  await bot.does('olena', YES, ABOUT)
  await settled('olena', 1)
  expect(last('olena')?.text).not.toContain('Done')
  expect(last('olena')?.text).not.toContain('/getcard')
})

test('who has a card sees it instead of getting another', async () => {
  await offerCards()
  await bot.does('olena', YES, ABOUT)
  await settled('olena', 2)
  await bot.does('olena', ASK, ABOUT)
  await settled('olena', 3)
  expect(last('olena')?.text).toContain('Stamps: 0 of 8')
})

test('who is erased and comes back is somebody new, with a card of their own', async () => {
  await offerCards()
  await bot.does('olena', YES, ABOUT)
  await settled('olena', 2)
  const before = /No\. (\S+)/.exec(bot.textsOf('olena')[0] ?? '')?.[1]
  await bot.does('olena', { kind: 'action', action: 'deletedata' })
  await bot.does('olena', { kind: 'action', action: 'deletedata:yes' })
  await settled('olena', 4)
  await bot.does('olena', YES, ABOUT)
  await settled('olena', 6)
  const again = /No\. (\S+)/.exec(bot.textsOf('olena')[4] ?? '')?.[1]
  expect(again).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  expect(again).not.toBe(before)
})
