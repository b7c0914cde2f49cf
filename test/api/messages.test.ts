import { describe, expect, test } from 'vitest'
import { linkChat, openApi } from './open-api.js'

/** A customer who reads in the web chat. */
const openReader = async () => {
  const api = await openApi()
  const { id } = await api.ok('POST', '/customers', { phone: '+380501112233' })
  return { ...api, customerId: id as string, link: () => linkChat(api, id) }
}

describe('a message to one customer', () => {
  test('goes to the ledger with its class, once for one key', async () => {
    const { ok, customerId, link, foundation } = await openReader()
    await link()
    const body = { customer_id: customerId, class: 'marketing', text: 'Cake day!' }
    const once = { headers: { 'Idempotency-Key': 'k' } }
    const sent = await ok('POST', '/messages', body, once)
    expect(await ok('POST', '/messages', body, once)).toEqual(sent)
    const [delivery] = await foundation.db.read(foundation.ledger.byId({ id: sent.delivery_id }))
    expect(delivery).toMatchObject({
      purpose: 'message',
      class: 'marketing',
      state: 'pending',
      recipientId: customerId,
    })
    expect(await foundation.db.read(foundation.ledger.countPending({}))).toEqual([{ count: 1 }])
  })

  test('who has no chat is refused, and so is one without text or of no class', async () => {
    const { call, customerId, link } = await openReader()
    const body = { customer_id: customerId, class: 'service', text: 'Hello' }
    expect(await call('POST', '/messages', body)).toMatchObject({ status: 409, body: { code: 'not_linked' } })
    await link()
    const wrong = await call('POST', '/messages', { ...body, text: ' ', class: 'other' })
    expect(wrong.body.errors.map(({ field }: { field: string }) => field)).toEqual(['class', 'text'])
    expect(await call('POST', '/messages', { ...body, customer_id: 'c_nobody' })).toMatchObject({ status: 404 })
  })
})

describe('the messages of events', () => {
  test('say by default what locales say, and then what the business says', async () => {
    const { ok } = await openApi()
    expect(await ok('GET', '/messages/stamp_added')).toMatchObject({
      level: 'on',
      texts: {},
      variables: expect.arrayContaining(['stamps']),
    })
    const setting = { level: 'milestones', texts: { uk: '{{business}}: уже {{stamps}}!' } }
    expect(await ok('PUT', '/messages/stamp_added', setting)).toMatchObject(setting)
    expect(await ok('GET', '/messages/stamp_added')).toMatchObject(setting)
  })

  test('name no variable and language that is not there', async () => {
    const { call } = await openApi()
    const wrong = await call('PUT', '/messages/goal_reached', { texts: { xx: 'Hello', en: '{{nothing}}' } })
    expect(wrong.body.errors.map(({ field }: { field: string }) => field)).toEqual(['texts.xx', 'texts.en'])
    expect(await call('GET', '/messages/voucher_expired')).toMatchObject({ status: 404 })
  })
})

describe('the staff over HTTP', () => {
  test('is added and changed by an owner, with every wrong field named', async () => {
    const { call, ok } = await openApi()
    const nina = await ok('POST', '/staff', { name: 'Nina', role: 'cashier', login: 'Nina', pin: '4821' })
    expect(nina).toMatchObject({ login: 'nina', has_pin: true })
    for (const [body, field] of [
      [{ name: 'Other', role: 'cashier', login: 'nina' }, 'login'],
      [{ name: '', role: 'cashier', login: 'other' }, 'name'],
      [{ name: 'Other', role: 'cashier', pin: '1111' }, 'pin'],
      [{ name: 'Other', role: 'boss' }, 'role'],
      [{ name: 'Other', role: 'cashier', location_id: 'loc_none' }, 'location_id'],
    ] as const)
      expect(await call('POST', '/staff', body)).toMatchObject({ status: 422, body: { errors: [{ field }] } })
    expect(await ok('PATCH', `/staff/${nina.id}`, { role: 'owner' })).toMatchObject({ role: 'owner', login: 'nina' })
    expect(await call('PATCH', '/staff/staff_none', { name: 'X' })).toMatchObject({ status: 404 })
  })
})
