import { describe, expect, test } from 'vitest'
import { apiTables } from '../../src/api/api-tables.js'
import type { Clock } from '../../src/clock.js'
import { statement } from '../../src/db/database.js'
import { openApi, setUpProgramme } from './open-api.js'

const OLENA = { phone: '+380501112233' }
const TARAS = { phone: '+380671112233' }

const openCafe = async (clock?: Clock) => {
  const api = await openApi(clock)
  const ids = await setUpProgramme(api)
  const issue = async (customer: object, terms: object = { template_id: ids.voucherTemplateId }) =>
    api.ok('POST', '/vouchers', { customer, ...terms })
  return { ...api, ...ids, issue }
}

describe('a voucher', () => {
  test('is issued from a template or with terms of its own, once for one key', async () => {
    const { call, issue } = await openCafe()
    expect(await issue(OLENA)).toMatchObject({ title: 'A coffee on us', redeem_code: 'COFFEE', status: 'active' })
    const own = {
      customer: OLENA,
      title: 'A cake',
      redemption: 'self',
      validity: { kind: 'until', last_day: '2999-12-31' },
    }
    const once = { headers: { 'Idempotency-Key': 'k' } }
    const first = await call('POST', '/vouchers', own, once)
    expect(first).toMatchObject({
      status: 201,
      body: { title: 'A cake', redemption: 'self', redeem_code: expect.stringMatching(/^....-....$/) },
    })
    expect((await call('POST', '/vouchers', own, once)).body.id).toBe(first.body.id)
  })

  test('with wrong terms is refused in the words of the API', async () => {
    const { call } = await openCafe()
    const wrong = { customer: OLENA, title: '', validity: { kind: 'until', last_day: '2026-02-31' } }
    const got = await call('POST', '/vouchers', wrong)
    expect(got.body.errors.map(({ field }: { field: string }) => field)).toEqual(['title', 'validity.last_day'])
    expect(await call('POST', '/vouchers', { customer: OLENA })).toMatchObject({
      body: { errors: [{ field: 'title' }] },
    })
    expect(await call('POST', '/vouchers', { title: 'A cake' })).toMatchObject({
      body: { errors: [{ field: 'customer_id' }] },
    })
    expect(await call('POST', '/vouchers', { customer: OLENA, template_id: 'vt_none' })).toMatchObject({ status: 404 })
  })

  test('is promised to one person, in one way', async () => {
    const { call, ok, voucherTemplateId } = await openCafe()
    const card = await ok('POST', '/cards', { customer: OLENA })
    const other = await ok('POST', '/customers', TARAS)
    const fieldsOf = async (body: object) =>
      (await call('POST', '/vouchers', body)).body.errors.map(({ field }: { field: string }) => field)
    const cake = { title: 'A cake' }
    expect(await fieldsOf({ ...cake, card_id: card.id, customer_id: other.id })).toEqual(['customer_id'])
    expect(await fieldsOf({ ...cake, card_id: card.id, customer: TARAS })).toEqual(['customer'])
    expect(await fieldsOf({ ...cake, customer_id: other.id, customer: OLENA })).toEqual(['customer'])
    const both = {
      customer: OLENA,
      template_id: voucherTemplateId,
      redeem_code: 'CAKE',
      validity: { kind: 'unlimited' },
    }
    expect(await fieldsOf(both)).toEqual(['redeem_code', 'validity'])
    const onCard = { ...cake, card_id: card.id, customer_id: card.customer_id }
    expect(await ok('POST', '/vouchers', onCard)).toMatchObject({ customer_id: card.customer_id })
  })

  test('whose last day is over is not issued', async () => {
    const { call } = await openCafe()
    const validity = { kind: 'until', last_day: '2020-01-01' }
    expect(await call('POST', '/vouchers', { customer: OLENA, title: 'A cake', validity })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'validity.last_day' }] },
    })
  })

  test('is not promised by a template whose last day is over, nor issued when that day has passed', async () => {
    let now = Date.UTC(2030, 4, 1, 12)
    const { call, ok, voucherTemplateId } = await openCafe(() => now)
    const until = (day: string) => ({ title: 'A cake', validity: { kind: 'until', last_day: day } })
    const isOver = { status: 422, body: { errors: [{ field: 'validity.last_day', message: 'is over' }] } }
    expect(await call('POST', '/voucher_templates', until('2030-04-30'))).toMatchObject(isOver)
    expect(await call('PATCH', `/voucher_templates/${voucherTemplateId}`, until('2030-04-30'))).toMatchObject(isOver)
    const { id } = await ok('POST', '/voucher_templates', until('2030-05-01'))
    now += 24 * 3_600_000
    expect(await call('POST', '/vouchers', { customer: OLENA, template_id: id })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'template_id' }] },
    })
    expect(await ok('PATCH', `/voucher_templates/${id}`, { title: 'A pie' })).toMatchObject({ version: 2 })
  })

  test('is looked at without being redeemed, and redeemed once by its own number', async () => {
    const { call, ok, issue } = await openCafe()
    const { id, number } = await issue(OLENA, { title: 'A cake' })
    const presented = { redeem_code: number.toLowerCase().replace('-', ' ') }
    expect(await ok('POST', '/vouchers/check', presented)).toMatchObject({
      voucher: { id },
      redeemable: true,
      reason: null,
    })
    expect(await ok('POST', '/vouchers/redeem', presented)).toMatchObject({
      id,
      status: 'redeemed',
      redeemed_via: 'redeem_code',
    })
    expect(await call('POST', `/vouchers/${id}/redeem`)).toMatchObject({
      status: 409,
      body: { code: 'already_redeemed' },
    })
    expect(await ok('POST', '/vouchers/check', presented)).toMatchObject({
      redeemable: false,
      reason: 'already_redeemed',
    })
    expect(await call('POST', '/vouchers/redeem', { redeem_code: 'NOTHING' })).toMatchObject({ status: 404 })
  })

  test('whose code others have needs a second word about whose it is', async () => {
    const { call, ok, issue } = await openCafe()
    const [olenas, taras] = [await issue(OLENA), await issue(TARAS)]
    expect(await call('POST', '/vouchers/redeem', { redeem_code: 'COFFEE' })).toMatchObject({
      status: 409,
      body: { code: 'redeem_code_ambiguous' },
    })
    const redeem = (more: object) => ok('POST', '/vouchers/redeem', { redeem_code: 'COFFEE', ...more })
    expect((await redeem({ voucher_no: olenas.number })).id).toBe(olenas.id)
    expect((await redeem({ customer: TARAS })).id).toBe(taras.id)
    const next = await issue(OLENA)
    expect((await redeem({ customer: { id: next.customer_id } })).id).toBe(next.id)
    const card = await ok('POST', '/cards', { customer: TARAS })
    const onCard = await ok('POST', '/vouchers', { card_id: card.id, title: 'A tart', redeem_code: 'COFFEE' })
    expect((await redeem({ card_id: card.id })).id).toBe(onCard.id)
    expect(
      await call('POST', '/vouchers/redeem', { redeem_code: 'COFFEE', customer: { phone: '+380990000000' } }),
    ).toMatchObject({ status: 404 })
    expect(await call('POST', '/vouchers/redeem', { redeem_code: 'OTHER', voucher_no: next.number })).toMatchObject({
      status: 404,
    })
  })

  test('whose redeeming was not answered is the one that was redeemed, however many have its code by then', async () => {
    const { ok, issue, foundation } = await openCafe()
    const { apiAnswers } = foundation.db.tables(apiTables)
    const loseAnswers = statement('test lose answers', (q) =>
      q.update(apiAnswers).set({ status: null, sealed: null, leasedUntil: 0 }),
    )
    const redeem = () =>
      ok('POST', '/vouchers/redeem', { redeem_code: 'COFFEE' }, { headers: { 'Idempotency-Key': 'till 1' } })
    const { id } = await issue(OLENA)
    expect((await redeem()).id).toBe(id)
    await foundation.db.write(loseAnswers({}))
    for (const customer of [TARAS, OLENA, TARAS]) await issue(customer)
    expect(await redeem()).toMatchObject({ id, status: 'redeemed' })
  })

  test('is found by its code as it is typed in haste', async () => {
    const { call, ok, issue } = await openCafe()
    const { id, number } = await issue(OLENA)
    expect((await ok('POST', '/vouchers/check', { redeem_code: ' coffee ' })).voucher.id).toBe(id)
    expect((await ok('POST', '/vouchers/check', { redeem_code: 'Coffee', voucher_no: number })).voucher.id).toBe(id)
    expect((await ok('POST', '/vouchers/redeem', { redeem_code: 'coffee', customer: OLENA })).id).toBe(id)
    expect(await call('POST', '/vouchers/check', { redeem_code: 'cofee' })).toMatchObject({ status: 404 })
  })

  test('that is over is passed over for one that can be used, before anybody was told that it is', async () => {
    let now = Date.UTC(2026, 4, 1, 9)
    const api = await openApi(() => now++)
    await setUpProgramme(api)
    const issue = (days: number) =>
      api.ok('POST', '/vouchers', {
        customer: OLENA,
        title: 'A coffee',
        redeem_code: 'COFFEE',
        validity: { kind: 'days', days },
      })
    const [over, usable] = [await issue(1), await issue(9)]
    now += 3 * 86_400_000
    expect(await api.ok('GET', `/vouchers/${over.id}`)).toMatchObject({ status: 'active' })
    expect(await api.ok('POST', '/vouchers/redeem', { redeem_code: 'COFFEE', customer: OLENA })).toMatchObject({
      id: usable.id,
    })
  })

  test('64 redemptions at once are one', async () => {
    const { call, issue } = await openCafe()
    const { id } = await issue(OLENA)
    const answers = await Promise.all(Array.from({ length: 64 }, () => call('POST', `/vouchers/${id}/redeem`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'already_redeemed')).toHaveLength(63)
  })

  test('of which a redemption was a mistake is the customer’s again', async () => {
    const { call, ok, issue } = await openCafe()
    const { id, customer_id } = await issue(OLENA)
    expect(await call('POST', `/vouchers/${id}/undo`)).toMatchObject({ status: 409, body: { code: 'not_redeemed' } })
    await ok('POST', `/vouchers/${id}/redeem`, { receipt_id: 'R-1' })
    expect((await ok('GET', `/customers/${customer_id}/vouchers?status=active`)).data).toEqual([])
    expect(await ok('POST', `/vouchers/${id}/undo`)).toMatchObject({ status: 'active' })
    expect((await ok('GET', `/customers/${customer_id}/vouchers?status=active`)).data).toHaveLength(1)
    expect((await call('GET', `/customers/${customer_id}/vouchers?status=lost`)).status).toBe(422)
  })
})

describe('a template', () => {
  test('that is changed is a new version, for cards that are issued from then on', async () => {
    const { ok, cardTemplateId } = await openCafe()
    const old = await ok('POST', '/cards', { customer: OLENA })
    const changed = await ok('PATCH', `/card_templates/${cardTemplateId}`, { title: 'New card' })
    expect(changed).toMatchObject({ version: 2, title: 'New card', stamping: { kind: 'per_amount' } })
    expect(await ok('PATCH', `/card_templates/${cardTemplateId}`, { title: 'New card' })).toMatchObject({ version: 2 })
    expect(await ok('GET', `/cards/${old.id}`)).toMatchObject({ title: 'Coffee card', template_version: 1 })
    expect(await ok('POST', '/cards', { customer: TARAS })).toMatchObject({ title: 'New card', template_version: 2 })
  })

  test('keeps what a change leaves out', async () => {
    const { ok, voucherTemplateId } = await openCafe()
    expect(await ok('PATCH', `/voucher_templates/${voucherTemplateId}`, { title: 'A tea' })).toMatchObject({
      title: 'A tea',
      redeem_code: 'COFFEE',
      validity: { kind: 'days', days: 30 },
    })
  })

  test('with wrong rules is refused, each field named as it was sent', async () => {
    const { call } = await openCafe()
    const lottery = { kind: 'lottery', title: 'x', variants: [{ kind: 'no_prize', title: 'x', chance_bp: 1 }] }
    const rules = {
      title: 'x',
      stamping: { kind: 'per_amount', per_amount: 0, currency: 'e', carries_remainder: true },
    }
    const got = await call('POST', '/card_templates', {
      ...rules,
      goals: [{ stamps: 0, reward: lottery }],
      after_last_goal: 'stop',
    })
    expect(got.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'goals[0].stamps',
      'goals[0].reward.variants',
      'goals',
      'stamping.per_amount',
      'stamping.currency',
    ])
    const promise = { kind: 'voucher', title: 'x', voucher_template_id: 'vt_none' }
    const other = { title: 'x', stamping: { kind: 'per_order' }, after_last_goal: 'stop' }
    expect(await call('POST', '/card_templates', { ...other, goals: [{ stamps: 1, reward: promise }] })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'goals' }] },
    })
  })
})
