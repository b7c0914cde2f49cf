import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { allRows } from '../support/all-rows.js'
import type { TestBot } from '../support/test-bot.js'

const HOUR_MS = 3_600_000

const frame = (event: string, more: object = {}, at = Date.now()) => ({
  event,
  timestamp: new Date(at).toISOString(),
  business_id: 'b_123',
  location_id: 'loc_45',
  customer: { id: 'c_789', language: 'uk', name: 'Olena Koval', phone: '+380501112233' },
  card: { id: 'card_001', title: 'Coffee card', stamps: 2, stamps_goal: 8, goals: [3, 8] },
  ...more,
})
const voucher = {
  id: 'v_555',
  title: 'Free coffee',
  redeem_code: 'FREECOFFEE',
  redeem_code_formats: ['text', 'qr', 'barcode'],
}

/** What a customer and a team get in their chats, on any database. */
export const chatContract = (name: string, open: () => Promise<TestBot>) => {
  describe(`a customer’s chat on ${name}`, () => {
    let bot: TestBot
    beforeEach(async () => {
      bot = await open()
    })
    afterEach(() => bot.close())

    const until = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 20 })
    const lastText = (address: string) => bot.textsOf(address).at(-1) ?? ''
    const settled = async (address: string, count: number) =>
      until(() => expect(bot.textsOf(address)).toHaveLength(count))
    /** Links the chat by a one-time link, and waits for the greeting and the question about news. */
    const linked = async (address = 'olena') => {
      await bot.event(frame('card_issued'))
      const payload = await bot.link({ kind: 'customer', customerId: bot.customerId('c_789') })
      await bot.does(address, { kind: 'start', payload })
      await settled(address, 2)
      return payload
    }
    const unreachable = async (address: string) => {
      const { db, chats } = bot.foundation
      const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address }))
      return chat?.unreachable
    }
    /** Rows of any table that hold one of the values. */
    const rowsWith = async (...values: readonly string[]) =>
      (await allRows(bot.foundation.db)).filter((row) => values.some((value) => row.includes(value)))
    const statesOf = async () =>
      (await bot.foundation.db.read(bot.foundation.ledger.countByState({}))).map(
        ({ state, count }) => `${count} ${state}`,
      )

    test('is linked by a one-time link, in the language the event said, and asked once about news', async () => {
      await linked()
      const [greeting, question] = bot.shown
      expect(greeting?.message.text).toContain('Corner Coffee')
      expect(greeting?.message.text).toContain('2 із 8')
      expect(greeting?.message.picture).toBeDefined()
      expect(question?.message.buttons?.flat()).toHaveLength(2)
    })

    test('cannot be linked twice by the same link', async () => {
      const payload = await linked()
      await bot.does('mallory', { kind: 'start', payload })
      await settled('mallory', 1)
      expect(lastText('mallory')).not.toContain('2 of 8')
      await bot.does('mallory', { kind: 'action', action: 'card' })
      await settled('mallory', 2)
      expect(lastText('mallory')).not.toContain('of 8')
    })

    test('is linked by the person’s own phone number, and by nobody else’s', async () => {
      await bot.event(frame('card_issued'))
      await bot.does('mallory', { kind: 'contact', phone: '+380501112233', own: false })
      await settled('mallory', 1)
      await bot.does('olena', { kind: 'contact', phone: '380501112233', own: true })
      await settled('olena', 2)
      expect(bot.textsOf('olena')[0]).toContain('2 із 8')
      expect(lastText('mallory')).not.toContain('8')
    })

    test('says the same to a number it does not know and to one too many guesses', async () => {
      await bot.event(frame('card_issued'))
      for (let guess = 1; guess <= 6; guess++) {
        await bot.does('guesser', { kind: 'contact', phone: `+38050111220${guess}`, own: true })
        await settled('guesser', guess)
      }
      await bot.does('guesser', { kind: 'contact', phone: '+380501112233', own: true })
      await settled('guesser', 7)
      expect(new Set(bot.textsOf('guesser')).size).toBe(1)
    })

    test('proves nobody by a number that two customers share', async () => {
      await bot.event(frame('card_issued'))
      await bot.event(
        frame('card_issued', { customer: { id: 'c_790', phone: '+380501112233' }, card: { id: 'card_002' } }),
      )
      await bot.does('olena', { kind: 'contact', phone: '+380501112233', own: true })
      await settled('olena', 1)
      expect(lastText('olena')).not.toContain('8')
    })

    test('is linked by a recycled number only once nobody else is known to have it', async () => {
      const newOwner = { id: 'c_790', language: 'uk', name: 'Ivan', phone: '+380501112233' }
      await bot.event(frame('card_issued'))
      await bot.event(frame('card_issued', { customer: newOwner, card: { id: 'card_002', stamps: 5, stamps_goal: 8 } }))
      await bot.does('ivan', { kind: 'contact', phone: '+380501112233', own: true })
      await settled('ivan', 1)
      expect(lastText('ivan')).toContain('We could not connect a card with this number.')
      const moved = { id: 'c_789', phone: '+380671112233' }
      await bot.event(frame('card_opened', { customer: moved, card: { id: 'card_001' } }))
      await bot.does('ivan', { kind: 'contact', phone: '+380501112233', own: true })
      await settled('ivan', 3)
      expect(bot.textsOf('ivan')[1]).toContain('5 із 8')
    })

    test('shows several cards, the one used last first', async () => {
      const at = Date.now()
      await bot.event(frame('card_issued', {}, at - 3_000))
      const tea = { id: 'card_tea_2', title: 'Tea card', stamps: 1, stamps_goal: 5 }
      await bot.event(frame('card_issued', { card: tea }, at - 2_000))
      const payload = await bot.link({ kind: 'customer', customerId: bot.customerId('c_789') })
      await bot.does('olena', { kind: 'start', payload })
      await settled('olena', 2)
      await bot.does('olena', { kind: 'action', action: 'card' })
      await settled('olena', 4)
      expect(
        bot
          .textsOf('olena')
          .slice(2)
          .map((text) => /Coffee card|Tea card/.exec(text)?.[0]),
      ).toEqual(['Tea card', 'Coffee card'])
      await bot.event(frame('stamp_added', { stamp: { count: 1 } }, at - 1_000))
      await settled('olena', 5)
      await bot.does('olena', { kind: 'action', action: 'card' })
      await settled('olena', 7)
      expect(bot.textsOf('olena')[5]).toContain('Coffee card')
    })

    test('hears of a stamp silently, and sees a voucher as a picture with its code to copy', async () => {
      await linked()
      await bot.event(
        frame('stamp_added', { card: { id: 'card_001', stamps: 3, stamps_goal: 8 }, stamp: { count: 1 } }),
      )
      await settled('olena', 3)
      expect(bot.shown.at(-1)?.message).toMatchObject({ silent: true, text: expect.stringContaining('3 із 8') })
      await bot.event(frame('voucher_issued', { voucher: { ...voucher, status: 'issued' } }))
      await settled('olena', 4)
      const { message } = bot.shown.at(-1) ?? {}
      expect(message?.picture).toBeDefined()
      expect(message?.buttons?.flat()).toContainEqual(expect.objectContaining({ kind: 'copy', text: 'FREECOFFEE' }))
    })

    test('sees the voucher’s message change in place when it is redeemed, and gets one receipt', async () => {
      await linked()
      await bot.event(frame('voucher_issued', { voucher: { ...voucher, status: 'issued' } }))
      await settled('olena', 3)
      await bot.event(frame('voucher_redeemed', { voucher: { ...voucher, status: 'redeemed' } }))
      await settled('olena', 5)
      const [edit, receipt] = bot.shown.slice(-2)
      expect([edit?.edits, receipt?.edits].filter(Boolean)).toEqual(['m2'])
      await bot.event(frame('voucher_redeemed', { voucher: { ...voucher, status: 'redeemed' }, extra: 1 }))
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(bot.textsOf('olena')).toHaveLength(5)
    })

    test('never shows a voucher that was redeemed before its message left', async () => {
      await linked()
      bot.answerWith(() => ({ status: 'not_sent', reason: 'away', retryAfterMs: 300 }))
      await bot.event(frame('voucher_issued', { voucher: { ...voucher, status: 'issued' } }))
      await bot.event(frame('voucher_redeemed', { voucher: { ...voucher, status: 'redeemed' } }))
      bot.answerWith(() => ({ status: 'sent', messageId: 'later' }))
      await until(() => expect(bot.textsOf('olena').length).toBeGreaterThan(2))
      await new Promise((resolve) => setTimeout(resolve, 500))
      for (const text of bot.textsOf('olena')) expect(text).not.toContain('FREECOFFEE')
    })

    test('a late voucher_issued revives nothing and says nothing', async () => {
      await linked()
      const at = Date.now()
      await bot.event(frame('voucher_redeemed', { voucher: { ...voucher, status: 'redeemed' } }, at))
      await settled('olena', 3)
      await bot.event(frame('voucher_issued', { voucher: { ...voucher, status: 'issued' } }, at - 60_000))
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(bot.textsOf('olena')).toHaveLength(3)
      await bot.does('olena', { kind: 'action', action: 'vouchers' })
      await settled('olena', 4)
      expect(lastText('olena')).toContain('Free coffee')
      expect(bot.shown.at(-1)?.message.picture).toBeUndefined()
    })

    test('is not told what happened more than six hours ago', async () => {
      await linked()
      await bot.event(
        frame('goal_reached', { card: { id: 'card_001', stamps: 8, stamps_goal: 8 } }, Date.now() - 7 * HOUR_MS),
      )
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(bot.textsOf('olena')).toHaveLength(2)
      expect(await statesOf()).toContain('1 skipped')
    })

    test('STOP ends everything unasked, is answered once, and the card still answers', async () => {
      await linked()
      await bot.does('olena', { kind: 'text', text: 'Стоп!' })
      await settled('olena', 3)
      await bot.event(frame('goal_reached', { card: { id: 'card_001', stamps: 3, stamps_goal: 8 } }))
      await bot.does('olena', { kind: 'text', text: 'STOP' })
      await bot.does('olena', { kind: 'action', action: 'card' })
      await settled('olena', 4)
      expect(bot.shown.at(-1)?.message.picture).toBeDefined()
      await bot.does('olena', { kind: 'text', text: 'START' })
      await settled('olena', 5)
      await bot.event(
        frame('stamp_added', { card: { id: 'card_001', stamps: 4, stamps_goal: 8 }, stamp: { count: 1 } }),
      )
      await settled('olena', 6)
    })

    test('an update that comes twice is answered once', async () => {
      await bot.does('olena', { kind: 'text', text: 'hello' }, { updateId: 'twice' })
      await bot.does('olena', { kind: 'text', text: 'hello' }, { updateId: 'twice' })
      await settled('olena', 1)
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(bot.textsOf('olena')).toHaveLength(1)
    })

    test('answers come in the order of the questions', async () => {
      await linked()
      const actions = ['help', 'privacy', 'history', 'language', 'card', 'help']
      for (const action of actions) await bot.does('olena', { kind: 'action', action })
      await settled('olena', 2 + actions.length)
      const [help, , , , , again] = bot.textsOf('olena').slice(2)
      expect(again).toBe(help)
    })

    test('who blocks the bot is not written to any more, and is again after coming back', async () => {
      await linked()
      await bot.does('olena', { kind: 'blocked' })
      await vi.waitFor(async () => expect(await unreachable('olena')).toBe('blocked'))
      await bot.event(frame('goal_reached', { card: { id: 'card_001', stamps: 3, stamps_goal: 8 } }))
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(bot.textsOf('olena')).toHaveLength(2)
      await bot.does('olena', { kind: 'unblocked' })
      await vi.waitFor(async () => expect(await unreachable('olena')).toBeNull())
      await bot.event(
        frame('stamp_added', { card: { id: 'card_001', stamps: 4, stamps_goal: 8 }, stamp: { count: 1 } }),
      )
      await settled('olena', 3)
    })

    test('a provider that says "blocked" makes the chat unreachable', async () => {
      await linked()
      bot.answerWith(() => ({ status: 'unreachable', reason: '403 Forbidden: bot was blocked by the user' }))
      await bot.event(frame('goal_reached', { card: { id: 'card_001', stamps: 3, stamps_goal: 8 } }))
      await vi.waitFor(async () => expect(await statesOf()).toContain('1 failed'), { timeout: 8_000, interval: 20 })
      await bot.event(
        frame('stamp_added', { card: { id: 'card_001', stamps: 4, stamps_goal: 8 }, stamp: { count: 1 } }),
      )
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(await statesOf()).toContain('1 failed')
    })

    test('tells the other chats of a new link, and "Not me" there disconnects the new one', async () => {
      const teamLink = await bot.link({ kind: 'staff' })
      await bot.does('team', { kind: 'start', payload: teamLink }, { isPrivate: false })
      await settled('team', 1)
      await linked('old-phone')
      const payload = await bot.link({ kind: 'customer', customerId: bot.customerId('c_789') })
      await bot.does('new-phone', { kind: 'start', payload })
      await settled('new-phone', 2)
      await settled('old-phone', 3)
      expect(lastText('old-phone')).toBe('Вашу картку в «Corner Coffee» тепер показує ще один чат.')
      const [button] = bot.shown.findLast(({ address }) => address === 'old-phone')?.message.buttons?.flat() ?? []
      if (button?.kind !== 'action') throw new Error('there is no button')

      // The new chat cannot turn the tables.
      const { db, chats } = bot.foundation
      const [oldChat] = await db.read(chats.byAddress({ lane: 'telegram:test', address: 'old-phone' }))
      await bot.does('new-phone', { kind: 'action', action: `not_me:${oldChat?.id}` })
      await settled('new-phone', 3)

      await bot.does('old-phone', { kind: 'action', action: button.action })
      await settled('old-phone', 4)
      await settled('new-phone', 4)
      await settled('team', 2)
      expect(lastText('team')).toContain('Olena K.')
      await bot.does('new-phone', { kind: 'action', action: 'card' })
      await bot.does('old-phone', { kind: 'action', action: 'card' })
      await settled('new-phone', 5)
      await settled('old-phone', 5)
      expect(lastText('new-phone')).not.toContain('8')
      expect(lastText('old-phone')).toContain('2 із 8')
    })

    test('begins by the link on the counter, which shows nobody’s card', async () => {
      await bot.event(frame('card_issued'))
      await bot.does('friend', { kind: 'start', payload: 'j_loc_45' })
      await settled('friend', 1)
      expect(lastText('friend')).toContain('Corner Coffee')
      expect(
        bot.shown
          .at(-1)
          ?.message.buttons?.flat()
          .map(({ label }) => label),
      ).toContain('Link my card')
      await bot.does('friend', { kind: 'action', action: 'connect' })
      await settled('friend', 2)
      expect(lastText('friend')).not.toContain('8')
    })

    test('remembers what the person chose to hear', async () => {
      await linked()
      await bot.does('olena', { kind: 'action', action: 'notifications:rewards' })
      await settled('olena', 3)
      await bot.does('olena', { kind: 'text', text: '/notifications' })
      await settled('olena', 4)
      expect(lastText('olena')).toContain('лише про винагороди й ваучери')
      const { db, hears } = bot.foundation
      expect(await db.read(hears.hearsOf({ customerId: bot.customerId('c_789') }))).toEqual([{ hears: 'rewards' }])
    })

    test('is forgotten with everything about the person who asks for it, on all messengers', async () => {
      const person = { id: 'c_789', language: 'uk', name: 'Zerelda Quibble', phone: '+380501112233' }
      await bot.event(frame('card_issued', { customer: { ...person, email: 'zerelda@quibble.example' } }))
      await bot.does('olena', { kind: 'contact', phone: '380501112233', own: true })
      await settled('olena', 2)
      await bot.does('other-chat', { kind: 'contact', phone: '380501112233', own: true })
      await settled('other-chat', 2)
      await settled('olena', 3)
      const staffLink = await bot.link({ kind: 'staff' })
      await bot.does('team', { kind: 'start', payload: staffLink }, { isPrivate: false })
      await settled('team', 1)
      await bot.event(frame('goal_reached', { customer: person, reward: { title: 'Free coffee' } }))
      await bot.event(frame('voucher_issued', { customer: person, voucher: { ...voucher, status: 'issued' } }))
      await settled('team', 2)
      await settled('other-chat', 3)

      await bot.does('olena', { kind: 'action', action: 'deletedata' })
      await settled('olena', 4)
      expect(lastText('olena')).toContain('7stamp')
      await bot.does('olena', { kind: 'action', action: 'deletedata:yes' })
      await settled('olena', 5)
      expect(lastText('olena')).toBe(
        'Ваші дані в «Corner Coffee» видалено, і цей чат більше не показує картки. Дякуємо, що були з нами.',
      )
      expect(await rowsWith('Zerelda', 'Quibble', 'quibble', '380501112233', 'FREECOFFEE', 'card_001')).toEqual([])

      await bot.does('other-chat', { kind: 'action', action: 'card' })
      await settled('other-chat', 4)
      expect(lastText('other-chat')).toContain('not connected to this chat yet')
      const stamp = await bot.event(frame('stamp_added', { customer: person, stamp: { count: 1 } }))
      expect(stamp.status).toBe('accepted')
      await bot.event(frame('card_issued', { customer: { ...person, id: 'c_again' }, card: { id: 'card_002' } }))
      await bot.does('olena', { kind: 'contact', phone: '380501112233', own: true })
      await settled('olena', 6)
      expect(lastText('olena')).not.toContain('8')
      expect(await rowsWith('Zerelda', 'Quibble', '380501112233', 'card_002')).toEqual([])
    })

    test('keeps everything when the person says no, or says yes too late', async () => {
      await linked()
      await bot.does('olena', { kind: 'action', action: 'deletedata' })
      await bot.does('olena', { kind: 'action', action: 'deletedata:no' })
      await bot.does('olena', { kind: 'action', action: 'deletedata:yes' })
      await bot.does('olena', { kind: 'action', action: 'card' })
      await settled('olena', 6)
      expect(bot.shown.at(-1)?.message.picture).toBeDefined()
    })

    test('shows what happened to the card, newest first', async () => {
      await linked()
      await bot.event(frame('voucher_issued', { voucher: { ...voucher, status: 'issued' } }))
      await settled('olena', 3)
      await bot.does('olena', { kind: 'action', action: 'history' })
      await settled('olena', 4)
      expect(lastText('olena')).toMatch(/Free coffee[\s\S]*\n/)
    })
  })

  describe(`a staff chat on ${name}`, () => {
    let bot: TestBot
    beforeEach(async () => {
      bot = await open()
    })
    afterEach(() => bot.close())

    test('links a guest at the till by the guest’s code, once', async () => {
      const until = (address: string, count: number) =>
        vi.waitFor(() => expect(bot.textsOf(address)).toHaveLength(count), { timeout: 8_000, interval: 20 })
      const payload = await bot.link({ kind: 'staff' })
      await bot.does('team', { kind: 'start', payload }, { isPrivate: false })
      await until('team', 1)
      await bot.event(frame('stamp_added', { stamp: { count: 1 } }))
      await bot.does('guest', { kind: 'text', text: '/till' })
      await until('guest', 1)
      const code = /\d{4}/.exec(bot.textsOf('guest')[0] ?? '')?.[0] ?? ''
      const wrongCode = code === '0000' ? '0001' : '0000'

      await bot.does('team', { kind: 'text', text: wrongCode }, { isPrivate: false })
      await until('team', 2)
      await bot.does('team', { kind: 'text', text: code }, { isPrivate: false })
      await until('team', 3)
      const [button] = bot.shown.at(-1)?.message.buttons?.flat() ?? []
      expect(button?.label).toMatch(/^card_001, Olena K\., \d+ min ago$/)
      if (button?.kind !== 'action') throw new Error('there is no button')
      await bot.does('team', { kind: 'action', action: button.action }, { isPrivate: false })
      await until('team', 4)
      await until('guest', 3)
      expect(bot.textsOf('guest')[1]).toContain('2 із 8')

      // The code and the button are worth nothing any more.
      await bot.does('team', { kind: 'action', action: button.action }, { isPrivate: false })
      await bot.does('team', { kind: 'text', text: code }, { isPrivate: false })
      await until('team', 6)
      expect(bot.textsOf('team').slice(4)).toEqual([bot.textsOf('team')[1], bot.textsOf('team')[1]])
      await bot.does('guest', { kind: 'action', action: 'card' })
      await until('guest', 4)
      expect(bot.textsOf('guest').at(-1)).toContain('2 із 8')
    })

    test('linked by a one-time link hears of a goal the moment it is reached, and never an id of a place', async () => {
      const payload = await bot.link({ kind: 'staff' })
      await bot.does('team', { kind: 'start', payload }, { isPrivate: false })
      await vi.waitFor(() => expect(bot.textsOf('team')).toHaveLength(1))
      await bot.event(
        frame('goal_reached', {
          card: { id: 'card_001', stamps: 8, stamps_goal: 8 },
          reward: { title: 'Free coffee' },
        }),
      )
      await vi.waitFor(() => expect(bot.textsOf('team')).toHaveLength(2))
      expect(bot.textsOf('team').at(-1)).toBe('⭐ Olena K. reached 8/8: Free coffee')
    })
  })
}
