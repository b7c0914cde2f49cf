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
