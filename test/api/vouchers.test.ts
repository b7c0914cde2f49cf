import { describe, expect, test } from 'vitest'
import { openApi, setUpProgramme } from './open-api.js'

const OLENA = { phone: '+380501112233' }
const TARAS = { phone: '+380671112233' }

const openCafe = async () => {
  const api = await openApi()
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
