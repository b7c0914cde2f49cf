import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NewStaff } from '../../src/access/roster.js'
import type { StaffMember } from '../../src/access/staff.js'
import type { Clock } from '../../src/clock.js'
import { type AccessDatabase, accessOn, addLocation } from '../support/access.js'
import { allRows } from '../support/all-rows.js'

const BUSINESS = 'b_1'
const BY = { businessId: BUSINESS, actor: 'cli' }
const MINUTE_MS = 60_000

/** Who works for a business, and who it is that typed a PIN, on every database. */
export const staffContract = (name: string, open: (clock: Clock) => Promise<AccessDatabase>) => {
  describe(`the staff on ${name}`, () => {
    let now: number
    let opened: AccessDatabase
    let access: ReturnType<typeof accessOn>
    beforeEach(async () => {
      now = Date.parse('2030-01-01T09:00:00Z')
      opened = await open(() => now)
      access = accessOn(opened.db)
      for (const id of ['loc_centre', 'loc_station']) await addLocation(opened.db, BUSINESS, id)
    })
    afterEach(() => opened.close())

    const add = (staff: Partial<NewStaff>) =>
      access.roster.addStaff({ ...BY, name: 'Olena', role: 'cashier', ...staff })
    const added = async (staff: Partial<NewStaff>): Promise<StaffMember> => {
      const outcome = await add(staff)
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      return outcome.staff
    }
    const refused = (reason: string) => ({ kind: 'refused', reason })
    const type = (pin: string, at: { locationId?: string | null; chatId?: string } = {}, by = access) =>
      by.cashierByPin({ businessId: BUSINESS, locationId: null, chatId: 'chat_till', pin, now, ...at })

    describe('the roster', () => {
      test('lists who is on the staff, the first added first', async () => {
        const owner = await added({ name: ' Nina ', role: 'owner', login: ' Nina@Cafe.example ' })
        now += 1
        const cashier = await added({ name: 'Олена', pin: '4711', locationId: 'loc_centre' })
        expect(await access.roster.listStaff(BUSINESS)).toEqual([owner, cashier])
        expect(owner).toMatchObject({ name: 'Nina', login: 'nina@cafe.example', role: 'owner', hasPin: false })
        expect(cashier).toMatchObject({ login: null, locationId: 'loc_centre', hasPin: true, createdAt: now })
        expect(await access.roster.listStaff('b_other')).toEqual([])
      })

      test('refuses what cannot be, and says why', async () => {
        await added({ role: 'owner', login: 'nina' })
        expect(await add({ name: '  ' })).toEqual(refused('name_malformed'))
        expect(await add({ name: 'x'.repeat(81) })).toEqual(refused('name_malformed'))
        expect(await add({ role: 'marketer' })).toEqual(refused('login_needed'))
        expect(await add({ login: 'two words' })).toEqual(refused('login_malformed'))
        expect(await add({ login: 'NINA' })).toEqual(refused('login_taken'))
        expect(await add({ locationId: 'loc_elsewhere' })).toEqual(refused('unknown_location'))
        expect(await access.roster.listStaff(BUSINESS)).toHaveLength(1)
      })

      test('gives one login to one person, however many ask at once on two processes', async () => {
        const other = accessOn(await opened.another())
        const asked = Array.from({ length: 16 }, (_, index) =>
          (index % 2 ? access : other).roster.addStaff({ ...BY, name: `N${index}`, role: 'marketer', login: 'same' }),
        )
        const done = (await Promise.all(asked)).filter(({ kind }) => kind === 'done')
        expect(done).toHaveLength(1)
      })

      test('gives the login of somebody who left to another', async () => {
        const { id: staffId } = await added({ role: 'marketer', login: 'news' })
        await access.roster.removeStaff({ ...BY, staffId })
        expect(await add({ role: 'marketer', login: 'news' })).toMatchObject({ kind: 'done' })
      })

      test('changes what is given and leaves the rest', async () => {
        const { id: staffId } = await added({ login: 'olena', pin: '4711', locationId: 'loc_centre' })
        const change = (given: object) => access.roster.changeStaff({ ...BY, staffId, change: given })
        expect(await change({ name: 'Olena K.' })).toMatchObject({
          kind: 'done',
          staff: { name: 'Olena K.', login: 'olena', locationId: 'loc_centre', hasPin: true },
        })
        expect(await change({ locationId: null, login: '' })).toMatchObject({
          staff: { locationId: null, login: null },
        })
        expect(await change({ role: 'owner' })).toEqual(refused('login_needed'))
        expect(await access.roster.findStaff(BUSINESS, staffId)).toMatchObject({ name: 'Olena K.', role: 'cashier' })
      })

      test('keeps an owner', async () => {
        const { id: staffId } = await added({ role: 'owner', login: 'nina' })
        expect(await access.roster.removeStaff({ ...BY, staffId })).toEqual(refused('last_owner'))
        const demote = () => access.roster.changeStaff({ ...BY, staffId, change: { role: 'marketer' } })
        expect(await demote()).toEqual(refused('last_owner'))
        await added({ role: 'owner', login: 'ivan' })
        expect(await demote()).toMatchObject({ kind: 'done' })
      })

      test('keeps an owner when two remove each other at the same moment', async () => {
        const other = accessOn(await opened.another())
        const [one, two] = [await added({ role: 'owner', login: 'one' }), await added({ role: 'owner', login: 'two' })]
        await Promise.all([
          access.roster.removeStaff({ ...BY, staffId: one.id }),
          other.roster.removeStaff({ ...BY, staffId: two.id }),
        ])
        expect(await access.roster.listStaff(BUSINESS)).toHaveLength(1)
      })

      test('knows nobody of another business, and nobody who left', async () => {
        const { id: staffId } = await added({})
        const elsewhere = { businessId: 'b_other', actor: 'cli', staffId }
        expect(await access.roster.findStaff('b_other', staffId)).toBeNull()
        expect(await access.roster.removeStaff(elsewhere)).toEqual(refused('unknown_staff'))
        expect(await access.roster.setPin({ ...elsewhere, pin: '4711' })).toEqual(refused('unknown_staff'))
        expect(await access.roster.changeStaff({ ...elsewhere, change: {} })).toEqual(refused('unknown_staff'))
        await access.roster.removeStaff({ ...BY, staffId })
        expect(await access.roster.findStaff(BUSINESS, staffId)).toBeNull()
        expect(await access.roster.removeStaff({ ...BY, staffId })).toEqual(refused('unknown_staff'))
      })
    })

    describe('a PIN', () => {
      test('alone tells who it is', async () => {
        const olena = await added({ pin: '4711' })
        await added({ name: 'Ivan', pin: '902817' })
        expect(await type('4711')).toEqual({ kind: 'cashier', staff: olena })
      })

      test.each(['12', '1234567', 'abcd', '47 11', ''])('of the form "%s" is none', async (pin) => {
        expect(await add({ pin })).toEqual(refused('pin_malformed'))
      })

      test.each(['0000', '1111', '1234', '4321', '7890', '123456', '1212', '123123', '2580'])(
        '%s is too obvious',
        async (pin) => {
          expect(await add({ pin })).toEqual(refused('pin_obvious'))
        },
      )

      test('is one person’s at a location, and another’s at another', async () => {
        const centre = await added({ pin: '4711', locationId: 'loc_centre' })
        const station = await added({ pin: '4711', locationId: 'loc_station' })
        expect(await add({ pin: '4711', locationId: 'loc_centre' })).toEqual(refused('pin_taken'))
        expect(await add({ pin: '4711' })).toEqual(refused('pin_taken'))
        expect(await type('4711', { locationId: 'loc_centre' })).toEqual({ kind: 'cashier', staff: centre })
        expect(await type('4711', { locationId: 'loc_station' })).toEqual({ kind: 'cashier', staff: station })
        // A device of no location cannot tell them apart.
        expect(await type('4711')).toMatchObject({ kind: 'wrong' })
        const move = { ...BY, staffId: centre.id, change: { locationId: 'loc_station' } }
        expect(await access.roster.changeStaff(move)).toEqual(refused('pin_taken'))
      })

      test('of another location is wrong; of somebody who works everywhere it is right', async () => {
        await added({ pin: '4711', locationId: 'loc_centre' })
        const everywhere = await added({ pin: '8306' })
        expect(await type('4711', { locationId: 'loc_station' })).toMatchObject({ kind: 'wrong' })
        expect(await type('8306', { locationId: 'loc_station' })).toEqual({ kind: 'cashier', staff: everywhere })
      })

      test('is given to one of those who want it at once on two processes', async () => {
        const other = accessOn(await opened.another())
        const people = await Promise.all(Array.from({ length: 8 }, (_, index) => added({ name: `N${index}` })))
        const asked = people.map(({ id: staffId }, index) =>
          (index % 2 ? access : other).roster.setPin({ ...BY, staffId, pin: '4711' }),
        )
        expect((await Promise.all(asked)).filter(({ kind }) => kind === 'done')).toHaveLength(1)
      })

      test('is over when it is changed, taken away, or its cashier is removed, for every process', async () => {
        const other = accessOn(await opened.another())
        const [{ id: one }, { id: two }] = [await added({ pin: '4711' }), await added({ pin: '8306' })]
        await access.roster.setPin({ ...BY, staffId: one, pin: '5520' })
        expect(await type('4711', {}, other)).toMatchObject({ kind: 'wrong' })
        expect(await type('5520', {}, other)).toMatchObject({ kind: 'cashier' })
        await access.roster.setPin({ ...BY, staffId: one, pin: null })
        expect(await type('5520', {}, other)).toMatchObject({ kind: 'wrong' })
        await access.roster.removeStaff({ ...BY, staffId: two })
        expect(await type('8306', {}, other)).toMatchObject({ kind: 'wrong' })
        // It is free again.
        expect(await add({ pin: '8306' })).toMatchObject({ kind: 'done' })
      })

      test('of another business is wrong', async () => {
        await access.roster.addStaff({ businessId: 'b_other', actor: 'cli', name: 'X', role: 'cashier', pin: '4711' })
        expect(await type('4711')).toMatchObject({ kind: 'wrong' })
      })

      test('is stored so that it says nothing without the master key', async () => {
        await added({ pin: '470911' })
        await type('470912')
        expect((await allRows(opened.db)).join('\n')).not.toMatch(/47091[12]/)
        expect(await type('470911', {}, accessOn(opened.db, 2))).toMatchObject({ kind: 'wrong' })
      })
    })

    describe('wrong PINs', () => {
      beforeEach(() => added({ pin: '4711' }))

      const typeWrong = async (times: number) => {
        for (let time = 0; time < times; time++) await type('9999')
      }

      test('are counted down, nobody’s and malformed ones alike', async () => {
        expect(await type('8306')).toEqual({ kind: 'wrong', triesLeft: 4 })
        expect(await type('abcd')).toEqual({ kind: 'wrong', triesLeft: 3 })
        expect(await type('')).toEqual({ kind: 'wrong', triesLeft: 2 })
      })

      test('lock the chat after five, for a right one too, until the oldest is 15 minutes old', async () => {
        const untilMs = now + 15 * MINUTE_MS
        await type('9999')
        now += MINUTE_MS
        await typeWrong(3)
        expect(await type('9999')).toEqual({ kind: 'wrong', triesLeft: 0 })
        expect(await type('4711')).toEqual({ kind: 'locked', untilMs })
        now = untilMs - 1
        expect(await type('9999')).toEqual({ kind: 'locked', untilMs })
        now = untilMs
        expect(await type('9999')).toEqual({ kind: 'wrong', triesLeft: 0 })
        expect(await type('4711')).toMatchObject({ kind: 'locked', untilMs: untilMs + MINUTE_MS })
        now = untilMs + MINUTE_MS
        expect(await type('4711')).toMatchObject({ kind: 'cashier' })
      })

      test('are not forgiven for a right one between them', async () => {
        await typeWrong(4)
        expect(await type('4711')).toMatchObject({ kind: 'cashier' })
        await typeWrong(1)
        expect(await type('4711')).toMatchObject({ kind: 'locked' })
      })

      test('of one chat do not lock another', async () => {
        await typeWrong(5)
        expect(await type('4711', { chatId: 'chat_other' })).toMatchObject({ kind: 'cashier' })
      })

      test('are at most five, however many are typed at once on two processes', async () => {
        const other = accessOn(await opened.another())
        const typed = Array.from({ length: 32 }, (_, index) => type('9999', {}, index % 2 ? access : other))
        const answers = await Promise.all(typed)
        expect(answers.filter(({ kind }) => kind === 'wrong')).toHaveLength(5)
        expect(answers.filter(({ kind }) => kind === 'locked')).toHaveLength(27)
      })

      test('are forgotten when they are old', async () => {
        await type('9999', { chatId: 'chat_old' })
        now += 16 * MINUTE_MS
        await typeWrong(1)
        expect((await allRows(opened.db)).join('\n')).not.toContain('chat_old')
      })
    })
  })
}
