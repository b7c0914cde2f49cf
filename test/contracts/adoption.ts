import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { EVENT_COMMANDS } from '../../src/cli/event-commands.js'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { createAdoptStore } from '../../src/loyalty/adopt/adopt-store.js'
import { dueDays } from '../../src/loyalty/own/clock/calendar.js'
import { createAddStamps } from '../../src/loyalty/own/commands/add-stamps.js'
import type { CommandNeeds } from '../../src/loyalty/own/commands/commands.js'
import { createDrawLottery } from '../../src/loyalty/own/commands/draw-lottery.js'
import { createOwnStore } from '../../src/loyalty/own/own-store.js'
import { createTemplateStore } from '../../src/loyalty/own/template-store.js'
import { openClockwork } from '../../src/main/own-commands.js'
import { KEPT_MS, retentionChores } from '../../src/main/retention.js'
import { type Leaving, openLeaving } from '../loyalty/adopt/leaving.js'
import type { TestBot } from '../support/test-bot.js'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const SOON = { timeout: 10_000, interval: 20 }

/** Leaving 7stamp and coming back, on every database. */
export const adoptionContract = (name: string, open: (clock: Clock) => Promise<TestBot>) => {
  describe(`leaving 7stamp on ${name}`, () => {
    let cafe: Leaving
    beforeEach(async () => {
      cafe = await openLeaving(open)
    })
    afterEach(() => cafe.close())

    const stampsOn = (stamps: number) => ({ card: { stamps, stamps_goal: 8 } })
    /** Olena with five stamps and a voucher, as 7stamp has told, and an export of the moment. */
    const openOlena = async () => {
      await cafe.tells('stamp_added', 'olena', { card: { id: 'card_olena', ...stampsOn(5).card, platform: 'apple' } })
      await cafe.tells('voucher_issued', 'olena', { voucher: voucher('v_1', 'FREE1') })
      await cafe.tells('voucher_issued', 'olena', { voucher: voucher('v_2', 'FREE2') })
      cafe.wait(MINUTE_MS)
      cafe.exports('card_olena,olena,5')
    }
    const voucher = (id: string, code: string) => ({
      id,
      title: 'Free coffee',
      redeem_code: code,
      expires_at: new Date(cafe.now() + 30 * DAY_MS).toISOString(),
    })
    const stamp = async (customer: string) =>
      (await cafe.api.ok('POST', `/cards/${cafe.cardId(customer)}/stamps`, { count: 1 })) as {
        readonly stamp: { readonly id: string }
        readonly card: { readonly stamps: number }
        readonly rewards: readonly { readonly id: string; readonly voucher_id: string | null }[]
      }
    const undoStamp = (customer: string, stampId: string) =>
      cafe.api.call('POST', `/cards/${cafe.cardId(customer)}/stamps/${stampId}/undo`, {})
    /** What Olena has read once nothing more comes. */
    const read = async () => {
      const { ledger, db } = cafe.foundation
      await cafe.applyEvents()
      await vi.waitFor(async () => {
        const states = (await db.read(ledger.countByState({}))).map(({ state }) => state)
        expect(states).not.toContain('pending')
        expect(states).not.toContain('sending')
      }, SOON)
      return cafe.textsOf('olena')
    }
    /** 7stamp has told that Olena's voucher is redeemed, and that failed five times. */
    const fails = async (voucherId: string) => {
      await cafe.posts('voucher_redeemed', 'olena', { voucher: { id: voucherId, status: 'redeemed' } })
      const { db, journal } = cafe.foundation
      const { id = '' } = (await cafe.journal()).findLast(({ state }) => state === 'pending') ?? {}
      await db.write(journal.putOff({ id, state: 'dead', attempts: 5, dueAt: cafe.now(), reason: 'no words for it' }))
    }
    /** For a command that has looked its card up when an undo gives it back, and decides after that. */
    const undoneFirst = (): CommandNeeds => {
      const { db, loyalty, journal, businesses } = cafe.foundation
      const undoing: Database = {
        kit: db.kit,
        tables: (declare) => db.tables(declare),
        read: (query) => db.read(query),
        atomically: async (reads, decide) => {
          await cafe.undo()
          return db.atomically(reads, decide)
        },
        write: (...writes) => db.write(...writes),
        check: () => db.check(),
        close: () => db.close(),
      }
      const [own, templates] = [createOwnStore(db), createTemplateStore(db)]
      return { db: undoing, loyalty, own, templates, journal, businessById: businesses.byId, wake: () => {} }
    }
    const card = (customer: string, stamps?: number) =>
      cafe.tells('stamp_added', customer, { card: { id: `card_${customer}`, stamps } })

    test('a dry run compares card by card and changes nothing', async () => {
      await openOlena()
      await card('bo', 5)
      await card('ivan')
      await card('max', 4)
      await card('zoe')
      cafe.wait(MINUTE_MS)
      cafe.exports(
        'card_olena,olena,5',
        'card_bo,bo,6',
        'card_ivan,ivan,2',
        'card_ann,ann,1',
        'card_max,bo,4',
        'card_x,,1',
      )
      const before = await cafe.rows()
      expect((await cafe.dryRun()).row).toMatchObject({
        state: 'dry run',
        cards: 3,
        vouchers: 2,
        left_at_7stamp: 2,
        equal: 1,
        differs: 1,
        no_count_in_mirror: 1,
        only_in_export: 1,
        other_customer: 1,
        unknown: 1,
        wrong_lines: 1,
      })
      expect(cafe.report()).toEqual([
        ',,wrong_line,,,,line 7: A card of 7stamp needs 7stamp’s customer id beside it.',
        'card_ann,ann,only_in_export,,1,,"no event has named it: import the export first, then adopt again"',
        'card_bo,bo,differs,5,6,6,',
        'card_ivan,ivan,no_count_in_mirror,,2,2,',
        'card_max,max,other_customer,4,4,,the export names another customer: see in 7stamp whose it is',
        'card_olena,olena,equal,5,5,5,',
        'card_zoe,zoe,unknown,,,,"nobody knows its count: give it in the export, or take such cards over empty by --unknown-as-zero"',
      ])
      expect(await cafe.rows()).toEqual(before)
      expect((await cafe.adopt('--status')).rows).toEqual([])
    })

    test('the cards become our own with the export’s counts; ids, chats and 7stamp’s ids stay, and nobody is told', async () => {
      await cafe.linkCustomer('olena', 'olena')
      await openOlena()
      await card('bo', 5)
      await card('zoe')
      await card('max', 4)
      cafe.wait(MINUTE_MS)
      cafe.exports('card_olena,olena,5', 'card_bo,bo,6')
      const before = await cafe.rows()
      const said = await read()
      const { row, exitCode } = await cafe.leave()
      expect(row).toMatchObject({ state: 'adopted', cards: 3, vouchers: 2, left_at_7stamp: 1, unknown: 1 })
      expect(exitCode).toBe(2)
      expect(cafe.report()).toContain('card_bo,bo,adopted,5,6,6,')
      const { cards, customers, deliveries } = await cafe.rows()
      expect(customers).toEqual(before.customers)
      expect(cards.map(({ id }) => id)).toEqual(before.cards.map(({ id }) => id))
      const standing = Object.fromEntries(
        cards.map(({ externalId, master, stamps, stampsTotal }) => [externalId, [master, stamps, stampsTotal]]),
      )
      expect(standing).toEqual({
        card_olena: ['own', 5, 5],
        card_bo: ['own', 6, 6],
        card_max: ['own', 4, 4],
        card_zoe: ['7stamp', null, null],
      })
      const olena = before.cards.find(({ id }) => id === cafe.cardId('olena'))
      const { createdAt, touchedAt } = olena ?? {}
      expect(await cafe.cardOf('olena')).toMatchObject({ createdAt, touchedAt, platform: 'apple', goals: [3, 8] })
      expect(await cafe.verified()).toMatchObject({ kind: 'same', cards: 3 })
      expect(deliveries).toBe(before.deliveries)
      expect(await read()).toEqual(said)
      const shown = await cafe.says('olena', '/card')
      expect(shown).toContain('Our coffee card')
      expect(shown).toContain('5')
    })

    test('a stamp of ours counts on, and goals that lie behind earn nothing again', async () => {
      await openOlena()
      expect(await cafe.api.call('POST', `/cards/${cafe.cardId('olena')}/stamps`, { count: 1 })).toMatchObject({
        status: 409,
        body: { code: 'managed_by_7stamp' },
      })
      await cafe.leave()
      expect(await stamp('olena')).toMatchObject({ card: { stamps: 6 }, rewards: [] })
      await stamp('olena')
      expect(await stamp('olena')).toMatchObject({ card: { stamps: 8 }, rewards: [{ title: 'Cookie' }] })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
    })

    test('7stamp’s vouchers keep their codes, and are redeemed at the counter and over the API, once', async () => {
      await cafe.linkCustomer('olena', 'olena')
      await openOlena()
      await cafe.leave()
      expect(await cafe.voucherNow('v_1')).toMatchObject({
        externalId: 'v_1',
        master: 'own',
        state: 'active',
        redeemCode: 'FREE1',
      })
      expect(await cafe.says('team', 'FREE1')).toContain('[Redeem]')
      await cafe.presses('team', 'Redeem')
      expect(await cafe.presses('team', 'Yes, redeem')).toContain('Redeemed: Free coffee')
      expect((await read()).join('\n')).toContain('Redeemed at Corner Coffee: Free coffee')
      const path = `/vouchers/${cafe.voucherId('v_2')}/redeem`
      expect(await cafe.api.ok('POST', path, {})).toMatchObject({ status: 'redeemed' })
      expect(await cafe.api.call('POST', path, {})).toMatchObject({ body: { code: 'already_redeemed' } })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
    })

    test('a voucher that was over by then is over, and our clock tells nobody of it', async () => {
      await openOlena()
      cafe.wait(40 * DAY_MS)
      await cafe.leave()
      const before = await cafe.rows()
      await openClockwork(cafe.foundation).lookAtAll()
      await cafe.applyEvents()
      expect(await cafe.rows()).toEqual(before)
      expect(before.vouchers.map(({ state }) => state)).toEqual(['expired', 'expired'])
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
    })

    test('our clock does not say again what 7stamp has said', async () => {
      const [today = ''] = dueDays(null, cafe.now() + 31 * DAY_MS, 'Europe/Kyiv')
      await cafe.tells('stamp_added', 'olena', {
        customer: { id: 'olena', birthday: `--${today.slice(5)}` },
        card: { id: 'card_olena', stamps: 5 },
      })
      cafe.wait(2 * DAY_MS)
      await card('bo', 5)
      cafe.wait(29 * DAY_MS)
      cafe.exports('card_olena,olena,5')
      await cafe.leave()
      const clockwork = openClockwork(cafe.foundation)
      const ours = async () =>
        (await cafe.journal()).flatMap(({ name, origin, customerId }) =>
          origin === 'scheduler' ? [[name, customerId]] : [],
        )
      await clockwork.lookAtAll()
      expect(await ours()).toEqual([])
      cafe.wait(3 * DAY_MS)
      await clockwork.lookAtAll()
      expect(await ours()).toEqual([['inactivity_trigger', cafe.customerId('bo')]])
    })

    test('what 7stamp says later is in the journal, changes nothing, is told to nobody, and is counted', async () => {
      await cafe.linkCustomer('olena', 'olena')
      await openOlena()
      await cafe.leave()
      const before = await cafe.rows()
      const said = await read()
      await card('olena', 7)
      await cafe.tells('goal_reached', 'olena')
      await cafe.tells('reward_issued', 'olena', { reward: { type: 'award', title: 'Free coffee' } })
      await cafe.tells('voucher_issued', 'olena', { voucher: { id: 'v_3', title: 'Late' } })
      await cafe.tells('voucher_redeemed', 'olena', { card: undefined, voucher: { id: 'v_1' } })
      await cafe.tells('birthday_reached', 'olena', { card: undefined })
      expect(await cafe.rows()).toEqual(before)
      expect(await read()).toEqual(said)
      const late = (await cafe.journal()).filter(({ reason }) => reason === 'managed_by_own')
      expect(late.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'ignored'))
      expect((await cafe.adopt('--status')).row).toMatchObject({
        state: 'adopted',
        cards: 1,
        vouchers: 2,
        late_events: 6,
      })
    })

    test('an event that comes at the same moment was applied before and counts, or comes after and is refused', async () => {
      const guests = Array.from({ length: 20 }, (_, index) => `g${index}`)
      for (const guest of guests) await card(guest, 5)
      cafe.exports('card_other,other,1')
      cafe.wait(MINUTE_MS)
      await Promise.all([
        ...guests.slice(0, 10).map((guest) => card(guest, 6)),
        cafe.leave(),
        ...guests.slice(10).map((guest) => card(guest, 6)),
      ])
      await cafe.applyEvents()
      const journal = await cafe.journal()
      for (const guest of guests) {
        const event = journal.findLast(
          ({ origin, customerId }) => origin === '7stamp' && customerId === cafe.customerId(guest),
        )
        expect(event?.state).not.toBe('pending')
        const stampsTotal = event?.state === 'applied' ? 6 : 5
        expect(await cafe.cardOf(guest)).toMatchObject({ master: 'own', stampsTotal })
      }
      expect(await cafe.verified()).toMatchObject({ kind: 'same', cards: 20 })
    })

    test('waits for what 7stamp has told before, and is refused while that is not applied', async () => {
      await openOlena()
      await cafe.posts('stamp_added', 'olena', { card: { id: 'card_olena', ...stampsOn(6).card } })
      await cafe.posts('voucher_redeemed', 'olena', { voucher: { id: 'v_1', status: 'redeemed' } })
      const refused = await cafe.leave()
      expect(refused).toMatchObject({ failed: true, rows: [] })
      expect(refused.empty).toContain('Events of 7stamp’s wait to be applied')
      expect(await cafe.cardOf('olena')).toMatchObject({ master: '7stamp', stamps: 5 })

      const leaving = cafe.leave()
      await cafe.applyEvents()
      expect((await leaving).failed).toBeUndefined()
      expect(await cafe.voucherNow('v_1')).toMatchObject({ state: 'redeemed' })
    }, 20_000)

    test('is refused while events of 7stamp’s that failed wait for somebody, and says what to do with them', async () => {
      await openOlena()
      await fails('v_1')
      await fails('v_2')
      const events = async (command: string, ...words: string[]) =>
        (await EVENT_COMMANDS[command]?.run({ ...cafe, firstBusinessId: cafe.businessId }, words))?.rows
      const refused = await cafe.leave()
      expect(refused).toMatchObject({ failed: true, rows: [] })
      expect(refused.empty).toContain('2 events of 7stamp’s have failed five times')
      expect(refused.empty).toContain('events replay --all')
      expect(await cafe.cardOf('olena')).toMatchObject({ master: '7stamp' })
      expect((await cafe.dryRun()).row).toMatchObject({
        failed_events: 2,
        note: expect.stringContaining('events dead'),
      })

      const [first, second] = (await events('events dead')) ?? []
      expect(await events('events replay', String(first?.id))).toMatchObject([{ outcome: 'replayed' }])
      await cafe.applyEvents()
      expect((await cafe.leave()).empty).toContain('1 event of 7stamp’s has failed five times')
      expect(await events('events drop', String(second?.id))).toMatchObject([{ outcome: 'dropped' }])
      expect((await cafe.dryRun()).row).not.toHaveProperty('failed_events')
      expect((await cafe.leave()).row).toMatchObject({ state: 'adopted', cards: 1, vouchers: 2 })
      expect(await cafe.voucherNow('v_1')).toMatchObject({ state: 'redeemed' })
      expect(await cafe.voucherNow('v_2')).toMatchObject({ state: 'active' })
    })

    test('a stamp that was begun before an undo, and comes after it, changes nothing of 7stamp’s', async () => {
      await openOlena()
      await cafe.leave()
      const stamping = await createAddStamps(undoneFirst())({
        businessId: cafe.businessId,
        cardId: cafe.cardId('olena'),
        count: 1,
        amount: null,
        receiptId: null,
        key: null,
        by: { staffId: null, source: 'till' },
        byCustomerIds: [],
        locationId: null,
        origin: 'api',
        now: cafe.now(),
      })
      expect(stamping).toEqual({ kind: 'refused', reason: 'managed_by_7stamp' })
      expect(await cafe.cardOf('olena')).toMatchObject({ master: '7stamp', stamps: 5 })
    })

    test('what was counted after the export stands', async () => {
      await openOlena()
      await card('olena', 6)
      cafe.exports('card_olena,olena,5')
      expect(
        (await cafe.adopt('--template', cafe.templateId, '--export', cafe.exportPath, '--yes', '--as-of', '2026-01-01'))
          .row,
      ).toMatchObject({ newer_in_mirror: 1 })
      expect(await cafe.cardOf('olena')).toMatchObject({ stampsTotal: 6 })
    })

    test('whoever has an adopted card is given no second one', async () => {
      await openOlena()
      await cafe.leave()
      const body = { customer: { id: cafe.customerId('olena') }, card_template_id: cafe.templateId }
      expect(await cafe.api.ok('POST', '/cards', body)).toMatchObject({ id: cafe.cardId('olena') })
    })

    test('an undo gives everything back as it was, and says what 7stamp does not know', async () => {
      await cafe.linkCustomer('olena', 'olena')
      await openOlena()
      const before = await cafe.rows()
      await cafe.leave()
      for (let count = 0; count < 3; count++) await stamp('olena')
      await cafe.api.ok('POST', `/vouchers/${cafe.voucherId('v_2')}/redeem`, {})
      await card('olena', 6)
      const said = await read()
      cafe.wait(6 * DAY_MS)
      expect((await cafe.undo()).row).toMatchObject({
        state: 'undone',
        cards: 1,
        vouchers: 1,
        stays_own: 1,
        stamps_since: 3,
        late_events: 1,
      })
      expect(cafe.report()).toEqual([
        'card,card_olena,olena,given_back,5,3',
        'voucher,v_1,olena,given_back,,',
        'voucher,v_2,olena,stays,,',
      ])
      const { cards, vouchers } = await cafe.rows()
      expect(cards).toEqual(before.cards)
      expect(vouchers.find(({ externalId }) => externalId === 'v_1')).toEqual(
        before.vouchers.find(({ externalId }) => externalId === 'v_1'),
      )
      expect(await cafe.voucherNow('v_2')).toMatchObject({ master: 'own', state: 'redeemed' })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
      expect(await read()).toEqual(said)

      await card('olena', 7)
      expect(await cafe.cardOf('olena')).toMatchObject({ master: '7stamp', stamps: 7 })
      const earned = vouchers.find(({ templateId }) => templateId !== null)
      expect(await cafe.api.ok('POST', `/vouchers/${earned?.id}/redeem`, {})).toMatchObject({ status: 'redeemed' })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
    })

    const watched = async () => (await cafe.foundation.adopting.businessesOf7stamp()).map(({ id }) => id)

    test('while cards are left at 7stamp its silence is alerted, until the rest is adopted and not given back', async () => {
      await openOlena()
      await card('zoe')
      await cafe.leave()
      expect(await watched()).toContain(cafe.businessId)
      cafe.wait(8 * DAY_MS)
      await cafe.leave('--unknown-as-zero')
      expect(await watched()).not.toContain(cafe.businessId)
      await cafe.undo()
      expect(await watched()).toContain(cafe.businessId)
      await cafe.leave('--unknown-as-zero')
      expect(await watched()).not.toContain(cafe.businessId)

      cafe.wait(8 * DAY_MS)
      await card('max', 4)
      await cafe.leave()
      await cafe.undo()
      expect(await watched()).toContain(cafe.businessId)
    })

    test('nobody is alerted that 7stamp is silent once it was left', async () => {
      await openOlena()
      expect(await watched()).toContain(cafe.businessId)
      await cafe.leave()
      expect(await watched()).not.toContain(cafe.businessId)
      await cafe.undo()
      expect(await watched()).toContain(cafe.businessId)
    })

    test('an undo twice is one, and what was undone can be adopted anew', async () => {
      await openOlena()
      await cafe.leave()
      await stamp('olena')
      await cafe.undo()
      const before = await cafe.rows()
      expect(await cafe.undo()).toMatchObject({ rows: [], empty: expect.stringContaining('undone before') })
      expect(await cafe.rows()).toEqual(before)
      expect((await cafe.leave()).row).toMatchObject({ cards: 1, vouchers: 2 })
      expect(await cafe.cardOf('olena')).toMatchObject({ master: 'own', stampsTotal: 5 })
      expect(await stamp('olena')).toMatchObject({ card: { stamps: 6 } })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
      expect((await cafe.adopt('--status')).rows.map(({ state }) => state)).toEqual(['adopted', 'undone'])
      expect(await cafe.foundation.access.audit.verify(cafe.businessId)).toMatchObject({ kind: 'whole' })
    })

    test('what a card has earned before it was given back stays, whatever is undone once it is adopted anew', async () => {
      await openOlena()
      await cafe.leave()
      const earned = async () => {
        await stamp('olena')
        await stamp('olena')
        return (await stamp('olena')).rewards[0]?.voucher_id ?? ''
      }
      const first = await earned()
      await cafe.undo()
      await cafe.leave()
      const mistake = await stamp('olena')
      expect(await undoStamp('olena', mistake.stamp.id)).toMatchObject({ status: 200, body: { stamps: 5 } })
      expect(await cafe.api.ok('GET', `/vouchers/${first}`)).toMatchObject({ status: 'active' })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })

      await cafe.api.ok('POST', `/vouchers/${first}/redeem`, {})
      const again = await stamp('olena')
      expect(await undoStamp('olena', again.stamp.id)).toMatchObject({ status: 200 })

      const second = await earned()
      await cafe.undo()
      expect(await cafe.api.ok('POST', `/vouchers/${second}/redeem`, {})).toMatchObject({ status: 'redeemed' })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
    })

    test('a lottery that was not played when its card was given back is none any more; one that was keeps its result', async () => {
      const wheel = { kind: 'lottery', title: 'Wheel', variants: [{ kind: 'award', title: 'Cake', chance_bp: 10_000 }] }
      const wheels = await cafe.api.ok('POST', '/card_templates', {
        title: 'Our wheel card',
        goals: [6, 7, 8].map((stamps) => ({ stamps, reward: wheel })),
        stamping: { kind: 'per_order' },
        after_last_goal: 'start_over',
      })
      const draw = (rewardId: string) => cafe.api.call('POST', `/rewards/${rewardId}/draw`, {})
      await openOlena()
      await cafe.leave('--template', String(wheels.id))
      const played = (await stamp('olena')).rewards[0]?.id ?? ''
      const open = (await stamp('olena')).rewards[0]?.id ?? ''
      const result = await draw(played)
      expect(result).toMatchObject({ status: 200, body: { title: 'Cake' } })
      const drawing = await createDrawLottery(undoneFirst())({
        businessId: cafe.businessId,
        rewardId: open,
        locationId: null,
        origin: 'api',
        now: cafe.now(),
      })
      expect(drawing).toEqual({ kind: 'refused', reason: 'not_found' })
      expect(await draw(open)).toMatchObject({ status: 404 })
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })

      await cafe.leave()
      expect(await draw(open)).toMatchObject({ status: 409, body: { code: 'taken_back' } })
      expect((await draw(played)).body).toEqual(result.body)
      expect(await cafe.verified()).toMatchObject({ kind: 'same' })
    })

    test('after seven days it is too late, and what was kept for it goes after fourteen', async () => {
      await openOlena()
      await cafe.leave()
      const before = await cafe.rows()
      cafe.wait(7 * DAY_MS + MINUTE_MS)
      expect(await cafe.undo()).toMatchObject({ failed: true, empty: expect.stringContaining('It is too late') })
      expect(await cafe.rows()).toEqual(before)
      const kept = () =>
        cafe.foundation.db.read(createAdoptStore(cafe.foundation.db).old({ before: cafe.now(), limit: 9 }))
      const chores = retentionChores(cafe.foundation)
      for (const { run } of chores) await run()
      expect(await kept()).toHaveLength(3)
      cafe.wait(KEPT_MS.adopted - 7 * DAY_MS)
      for (const { run } of chores) await run()
      expect(await kept()).toEqual([])
    })

    test('nothing is given back of somebody who was erased', async () => {
      await openOlena()
      await cafe.leave()
      await cafe.foundation.erasing.eraseCustomer(cafe.customerId('olena'))
      const [before] = (await cafe.rows()).cards
      expect((await cafe.undo()).row).toMatchObject({ state: 'undone', cards: 0, vouchers: 0 })
      expect((await cafe.rows()).cards).toEqual([before])
    })

    test('what was imported later changes no card that is ours', async () => {
      await openOlena()
      await cafe.leave()
      const before = await cafe.cardOf('olena')
      cafe.exports('card_olena,olena,1')
      await cafe.foundation.importFile({
        businessId: cafe.businessId,
        path: cafe.exportPath,
        errorsPath: `${cafe.exportPath}.errors.csv`,
        templateId: null,
        asOf: null,
        isDryRun: false,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      })
      expect(await cafe.cardOf('olena')).toEqual(before)
    })
  })
}
