import { describe, expect, test } from 'vitest'
import { createLoyaltyStore } from '../../src/loyalty/loyalty-store.js'
import { type Json, openApi, setUpProgramme } from './open-api.js'

const OLENA = { phone: '+380 50 111 22 33', email: 'Olena@Example.com', name: 'Олена Коваль' }

describe('a customer', () => {
  test('is found by phone or email, however they are written, and made if there is none', async () => {
    const { call, ok } = await openApi()
    const made = await call('POST', '/customers', OLENA)
    expect(made).toMatchObject({
      status: 201,
      body: { phone: '+380501112233', email: 'olena@example.com', master: 'own', external_id: null },
    })
    const again = await call('POST', '/customers', { email: ' OLENA@example.com', language: 'uk' })
    expect(again).toMatchObject({ status: 200, body: { id: made.body.id, name: 'Олена Коваль', language: 'uk' } })
    for (const query of ['phone=%2B380501112233', 'phone=+380501112233', 'email=olena@example.com', 'q=КОВАЛЬ%20оле'])
      expect((await ok('GET', `/customers?${query}`)).data, query).toEqual([again.body])
    expect((await ok('GET', '/customers?q=nobody')).data).toEqual([])
    expect((await ok('GET', '/customers?q=100%25')).data).toEqual([])
  })

  test('is one, however many tills ask for the same phone at once', async () => {
    const { call, ok } = await openApi()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', '/customers', { phone: '+380501112233' })),
    )
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect((await ok('GET', '/customers')).data).toHaveLength(1)
  })

  test('with a phone of one and an email of another is refused', async () => {
    const { call, ok } = await openApi()
    await ok('POST', '/customers', { phone: '+380501112233' })
    const other = await ok('POST', '/customers', { email: 'taras@example.com' })
    const both = { phone: '+380501112233', email: 'taras@example.com' }
    expect(await call('POST', '/customers', both)).toMatchObject({ status: 409, body: { code: 'different_customers' } })
    expect(await call('PATCH', `/customers/${other.id}`, { phone: '+380501112233' })).toMatchObject({
      status: 409,
      body: { code: 'phone_taken' },
    })
  })

  test('who gives up a number does not lend it to the next one who has it', async () => {
    const { ok } = await openApi()
    const first = await ok('POST', '/customers', { phone: '+380501112233', name: 'First' })
    await ok('PATCH', `/customers/${first.id}`, { phone: '+380671112233', name: null })
    expect(await ok('GET', `/customers/${first.id}`)).toMatchObject({ phone: '+380671112233', name: null })
    const second = await ok('POST', '/customers', { phone: '+380501112233' })
    expect(second.id).not.toBe(first.id)
    expect((await ok('POST', '/customers', { phone: '+380501112233' })).id).toBe(second.id)
  })

  test('wrong fields are all named, and their values never repeated', async () => {
    const { call } = await openApi()
    const got = await call('POST', '/customers', { phone: '12', email: 'no', birthday: '1990-02-31', nick: 1 })
    expect(got.status).toBe(422)
    expect(got.headers.get('content-type')).toContain('application/problem+json')
    expect(got.body.errors.map(({ field }: Json) => field).sort()).toEqual(['birthday', 'email', 'nick', 'phone'])
    expect(JSON.stringify(got.body)).not.toContain('1990-02-31')
    expect(await call('POST', '/customers', { name: 'Nobody' })).toMatchObject({ status: 422 })
  })

  test('pages stay where they are while others are added', async () => {
    const { ok } = await openApi()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.unshift((await ok('POST', '/customers', { phone: `+38050111220${n}` })).id)
    const first = await ok('GET', '/customers?limit=2')
    await ok('POST', '/customers', { phone: '+380501112299' })
    const second = await ok('GET', `/customers?limit=2&cursor=${first.next_cursor}`)
    const last = await ok('GET', `/customers?limit=2&cursor=${second.next_cursor}`)
    const seen = [first, second, last].flatMap(({ data }) => data.map(({ id }: Json) => id))
    expect(new Set(seen)).toEqual(new Set(ids))
    expect(seen).toHaveLength(5)
    expect(last.next_cursor).toBeNull()
  })

  test('who share a phone are found page by page, and the one meant by phone and email is known', async () => {
    const api = await openApi()
    const { foundation, businessId, ok } = api
    const loyalty = createLoyaltyStore(foundation.db)
    const phone = '+380501112233'
    const sharing = { businessId, phone, profileTimes: {}, isDemo: false }
    await foundation.db.write(
      loyalty.addCustomer({ ...sharing, id: 'c_1', email: 'olena@example.com', createdAt: 1 }),
      loyalty.addCustomer({ ...sharing, id: 'c_2', externalId: 'c_788', email: 'taras@example.com', createdAt: 2 }),
      loyalty.addCustomer({ ...sharing, id: 'c_3', externalId: 'c_789', createdAt: 3 }),
    )
    const path = `/customers?phone=${encodeURIComponent(phone)}&limit=2`
    const first = await ok('GET', path)
    const last = await ok('GET', `${path}&cursor=${first.next_cursor}`)
    const ids = [...first.data, ...last.data].map(({ id }: Json) => id)
    expect([ids, last.next_cursor]).toEqual([['c_3', 'c_2', 'c_1'], null])
    expect(await ok('POST', '/customers', { phone, email: 'olena@example.com' })).toMatchObject({
      id: 'c_1',
    })
  })

  test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'nothing=1', 'q=a&q=b', 'q=a&phone=1', 'cursor=x&phone=1'])(
    'a list asked for with %s is refused with the field named',
    async (query) => {
      const { call } = await openApi()
      const got = await call('GET', `/customers?${query}`)
      expect([got.status, got.body.errors[0].field]).toEqual([422, query.split('=')[0]])
    },
  )
})

describe('a person who is erased', () => {
  test('is gone, is not made anew, and what they had leads nowhere', async () => {
    const api = await openApi()
    const { call, ok } = api
    await setUpProgramme(api)
    const { card, stamp } = await ok('POST', '/stamps', { customer: OLENA, count: 1 })
    const voucher = await ok('POST', '/vouchers', { card_id: card.id, title: 'A cake' })
    const path = `/customers/${card.customer_id}`
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await call('GET', path)).status).toBe(404)
    expect((await call('DELETE', path)).status).toBe(404)
    expect((await ok('GET', '/customers')).data).toEqual([])
    for (const contact of [{ phone: OLENA.phone }, { email: OLENA.email }]) {
      expect(await call('POST', '/customers', contact)).toMatchObject({
        status: 409,
        body: { code: 'customer_erased' },
      })
      expect(await call('POST', '/stamps', { customer: contact, count: 1 })).toMatchObject({ status: 409 })
    }
    for (const [method, address, body] of [
      ['GET', `/cards/${card.id}`],
      ['GET', `/cards/${card.id}/history`],
      ['POST', `/cards/${card.id}/stamps`, { count: 1 }],
      ['POST', `/cards/${card.id}/stamps/${stamp.id}/undo`],
      ['GET', `/vouchers/${voucher.id}`],
      ['POST', '/vouchers/check', { redeem_code: voucher.number }],
      ['POST', `/vouchers/${voucher.id}/redeem`],
    ] as const)
      expect(await call(method, address, body), address).toMatchObject({ status: 404 })
    expect((await ok('GET', `/cards?number=${card.number}`)).data).toEqual([])
  })

  test('an answer that was kept for a repeated request is forgotten with them', async () => {
    const { call, ok } = await openApi()
    const once = { headers: { 'Idempotency-Key': 'k' } }
    const { id } = await ok('POST', '/customers', OLENA, once)
    await call('DELETE', `/customers/${id}`)
    expect(await call('POST', '/customers', OLENA, once)).toMatchObject({
      status: 409,
      body: { code: 'customer_erased' },
    })
  })
})

describe('an export', () => {
  test('has everything that is held on the person, and nothing of others', async () => {
    const api = await openApi()
    const { ok } = api
    const { voucherTemplateId } = await setUpProgramme(api)
    const stamped = await ok('POST', '/stamps', { customer: OLENA, count: 3, receipt_id: 'R-1' })
    const customerId = stamped.card.customer_id
    await ok('POST', '/stamps', { customer: { phone: '+380670000000' }, count: 3 })
    await ok('POST', `/vouchers/${stamped.rewards[0].voucher_id}/redeem`)
    await ok('POST', '/vouchers', { customer_id: customerId, template_id: voucherTemplateId })
    await ok('POST', `/customers/${customerId}/links`)
    const { holdings } = await ok('GET', `/customers/${customerId}/export`)
    expect(holdings.profile).toMatchObject([{ phone: '+380501112233', name: 'Олена Коваль' }])
    expect(holdings.cards).toMatchObject([{ id: stamped.card.id }])
    expect(holdings.stamps).toMatchObject([{ receipt_id: 'R-1', count: 3 }])
    expect(holdings.rewards).toHaveLength(1)
    expect(holdings.vouchers).toHaveLength(2)
    expect(holdings.redemptions).toHaveLength(1)
    expect(holdings.links).toHaveLength(1)
    expect(holdings.events.map(({ name }: Json) => name)).toContain('voucher_redeemed')
    expect(holdings.events[0].body).toMatchObject({ event: 'card_issued' })
    expect(JSON.stringify(holdings)).not.toContain('+380670000000')
  })
})
