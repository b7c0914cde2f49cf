import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Counter, openCounter } from '../chats/counter.js'
import type { TestBot } from '../support/test-bot.js'

const UNKNOWN = 'No voucher or card found. Please check the number or the code.'

/** What a cashier does in the staff chat, on any database. */
export const counterContract = (name: string, open: () => Promise<TestBot>) => {
  describe(`a counter on ${name}`, () => {
    let counter: Counter
    beforeEach(async () => {
      counter = await openCounter(open)
    })
    afterEach(() => counter.close())

    test('finds a voucher by what the customer shows, once, and redeems it', async () => {
      await counter.linkCustomer('olena', 'olena')
      const voucher = await counter.issue('olena')
      await counter.says('olena', '/vouchers')
      const shown = await counter.presses('olena', 'Show to staff')
      const code = /\d{6}/.exec(shown)?.[0] ?? ''
      await counter.linkStaff('other-team')
      expect(await counter.says('team', code)).toContain(voucher.number)
      expect(await counter.says('other-team', code)).toContain('already been used')
      await counter.presses('team', 'Redeem')
      expect(await counter.presses('team', 'Yes, redeem')).toBe('✅ Redeemed: Free coffee, for Olena K.')
    })

    test('stamps a card, gives what it earns, and takes both back', async () => {
      const card = await counter.issueCard('olena')
      await counter.says('team', card.number ?? '')
      expect(await counter.says('team', '8')).toContain('✅ +8 for Olena K.: 8 of 8')
      expect(await counter.presses('team', 'Undo')).toContain('Taken back: +8 for Olena K.\nCoffee card, for Olena K.')
      expect(await counter.stampsOn(card)).toBe(0)
    })

    test('redeems once, however many press at the same moment', async () => {
      const voucher = await counter.issue('olena')
      const teams = ['team', 'team-2', 'team-3']
      for (const team of teams.slice(1)) await counter.linkStaff(team)
      for (const team of teams) {
        await counter.says(team, voucher.number)
        await counter.presses(team, 'Redeem')
      }
      const answers = await Promise.all(teams.map((team) => counter.presses(team, 'Yes, redeem')))
      expect(answers.filter((answer) => answer.startsWith('✅ Redeemed'))).toHaveLength(1)
      expect(answers.filter((answer) => answer.includes('Already redeemed on'))).toHaveLength(2)
    })

    test('stamps once for each showing of a card, however many press, and takes stamps back once', async () => {
      const card = await counter.issueCard('olena')
      const teams = ['team', 'team-2', 'team-3']
      for (const team of teams.slice(1)) await counter.linkStaff(team)
      for (const team of teams) await counter.says(team, card.number ?? '')
      const given = await Promise.all(teams.map((team) => counter.presses(team, '+1')))
      expect(given.map((answer) => /: (\d of 8)/.exec(answer)?.[1]).sort()).toEqual(['1 of 8', '2 of 8', '3 of 8'])
      const again = await Promise.all(teams.map((team) => counter.presses(team, '+1')))
      for (const answer of again) expect(answer).toContain('Already given, +1 for Olena K.')
      expect(await counter.stampsOn(card)).toBe(3)
      const undo = counter.actionOf('team', 'Undo')
      const taken = await Promise.all(teams.map((team) => counter.acts(team, undo)))
      expect(taken.filter((answer) => answer.startsWith('Taken back: +1'))).toHaveLength(1)
      expect(taken.filter((answer) => answer.startsWith('These stamps have been taken back'))).toHaveLength(2)
      expect(await counter.stampsOn(card)).toBe(2)
    })

    test('counts what is typed in vain', async () => {
      const voucher = await counter.issue('olena')
      for (let guess = 0; guess < 20; guess++) await counter.says('team', `GUESS-${guess}`)
      expect(await counter.says('team', voucher.number)).toBe(UNKNOWN)
    }, 30_000)

    test('loses a chat that is removed from the team', async () => {
      await counter.linkStaff('leaver')
      await counter.says('team', '/staff')
      await counter.presses('team', 'Remove No. 2')
      expect(await counter.presses('team', 'Yes, remove')).toContain('does not belong to the team any more')
      expect(await counter.says('leaver', (await counter.issue('olena')).number)).toContain('I did not understand')
    })
  })
}
