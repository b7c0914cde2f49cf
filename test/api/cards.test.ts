import { describe, expect, test } from 'vitest'
import { createAdmissions } from '../../src/business/webhook-admissions.js'
import { createInbox } from '../../src/events/inbox.js'
import { createLoyaltyStore } from '../../src/loyalty/loyalty-store.js'
import { type Api, applyEvents, type Json, openApi, setUpProgramme } from './open-api.js'

const GUEST = { phone: '+380501112233' }

const openCafe = async () => {
  const api = await openApi()
  return { ...api, ...(await setUpProgramme(api)) }
}

/** A card and voucher of 7stamp's, as its webhooks would have mirrored them. */
const mirrorCard = async ({ foundation: { db }, businessId }: Api) => {
  const loyalty = createLoyaltyStore(db)
  const common = {
    businessId,
    customerId: 'c_7',
    externalId: 'card_001',
    master: '7stamp',
    factTimes: {},
    createdAt: 1,
  } as const
  await db.write(
    loyalty.addCustomer({ id: 'c_7', businessId, externalId: 'c_789', profileTimes: {}, isDemo: false, createdAt: 1 }),
    loyalty.addCard({ ...common, id: 'card_7', goals: [10], countsAt: 1, increments: [], touchedAt: 1 }),
    loyalty.addVoucher({
      ...common,
      id: 'v_7',
      number: 'AAAA-BBBB',
      redeemCodeFormats: [],
      state: 'active',
      stateAt: 1,
    }),
  )
}

describe('a card', () => {
  test('is issued to whoever has the phone, once, and told in full', async () => {
    const { call, ok, cardTemplateId } = await openCafe()
    const issued = await call('POST', '/cards', { customer: { ...GUEST, name: 'Olena' } })
    expect(issued).toMatchObject({
      status: 201,
      body: {
        master: 'own',
        template_id: cardTemplateId,
        stamps: 0,
        stamps_goal: 6,
        next_goal: { goal_index: 0, stamps: 3, stamps_left: 3, reward: 'A coffee on us' },
      },
    })
    const again = await call('POST', '/cards', { customer: { id: issued.body.customer_id } })
    expect(again).toMatchObject({ status: 200, body: { id: issued.body.id } })
    expect((await ok('GET', `/customers/${issued.body.customer_id}/cards`)).data).toEqual([issued.body])
  })

  test('is found by the number that people type', async () => {
    const { ok } = await openCafe()
    const { id, number } = await ok('POST', '/cards', { customer: GUEST })
    for (const typed of [number, number.toLowerCase().replace('-', ''), number.replace('-', ' ')])
      expect((await ok('GET', `/cards?number=${encodeURIComponent(typed)}`)).data.map((card: Json) => card.id)).toEqual(
        [id],
      )
  })

  test('is sent again only when it has changed', async () => {
    const { call, ok } = await openCafe()
    const { id } = await ok('POST', '/cards', { customer: GUEST })
    const tag = (await call('GET', `/cards/${id}`)).headers.get('etag') ?? ''
    const unless = { headers: { 'If-None-Match': `"other", W/${tag}` } }
    expect(await call('GET', `/cards/${id}`, undefined, unless)).toMatchObject({ status: 304, body: null })
    await ok('POST', `/cards/${id}/stamps`, { count: 1 })
    expect((await call('GET', `/cards/${id}`, undefined, unless)).status).toBe(200)
  })

  test('needs a template that the business has', async () => {
    const { call } = await openCafe()
    const asked = { customer: GUEST, card_template_id: 'ct_nobody' }
    expect(await call('POST', '/cards', asked)).toMatchObject({ status: 404 })
    expect(await call('POST', '/cards', { customer: { id: 'c_nobody' } })).toMatchObject({ status: 404 })
    expect(await call('POST', '/cards', { customer: {} })).toMatchObject({ status: 422 })
    expect(await call('POST', '/cards', { customer: GUEST, location_id: 'loc_nobody' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'location_id' }] },
    })
  })
})

describe('stamps', () => {
  test('come by amount, keep the rest, and reach goals that earn', async () => {
    const { ok } = await openCafe()
    const first = await ok('POST', '/stamps', { customer: GUEST, amount: 1_250, receipt_id: 'R-1' })
    expect(first).toMatchObject({
      stamp: { count: 2, amount: 1_250, currency: 'EUR' },
      card: { stamps: 2, carried_amount: 250 },
    })
    const second = await ok('POST', '/stamps', { customer: GUEST, amount: 250 })
    expect(second).toMatchObject({
      card: { id: first.card.id, stamps: 3 },
      rewards: [{ type: 'voucher', goal_index: 0 }],
    })
    const voucher = await ok('GET', `/vouchers/${second.rewards[0].voucher_id}`)
    expect(voucher).toMatchObject({ status: 'active', redeem_code: 'COFFEE', card_id: first.card.id })
  })

  test('of one receipt count once, on whatever card', async () => {
    const { call, ok } = await openCafe()
    const first = await call('POST', '/stamps', { customer: GUEST, count: 2, receipt_id: 'R-1' })
    const other = await call('POST', '/stamps', { customer: { phone: '+380670000000' }, count: 2, receipt_id: 'R-1' })
    expect([first.status, other.status]).toEqual([201, 200])
    expect(other.body.stamp).toEqual(first.body.stamp)
    expect((await ok('GET', '/stats')).stamps).toBe(2)
  })

  test('are refused where the rules refuse them, with the field named', async () => {
    const { call, ok } = await openCafe()
    const { id } = await ok('POST', '/cards', { customer: GUEST })
    for (const [body, field] of [
      [{}, 'amount'],
      [{ amount: 500, currency: 'USD' }, 'currency'],
      [{ amount: 500.5 }, 'amount'],
      [{ count: 0 }, 'count'],
      [{ amount: 1_000_000_000 }, 'amount'],
    ] as const)
      expect(await call('POST', `/cards/${id}/stamps`, body)).toMatchObject({
        status: 422,
        body: { errors: [{ field }] },
      })
  })

  test('are taken back with what they earned, once, and not when that was used', async () => {
    const { call, ok } = await openCafe()
    const { card, stamp, rewards } = await ok('POST', '/stamps', { customer: GUEST, count: 3 })
    const undo = `/cards/${card.id}/stamps/${stamp.id}/undo`
    expect(await call('POST', undo)).toMatchObject({ status: 200, body: { stamps: 0 } })
    expect(await ok('GET', `/vouchers/${rewards[0].voucher_id}`)).toMatchObject({ status: 'expired' })
    expect(await call('POST', undo)).toMatchObject({ status: 409, body: { code: 'already_undone' } })
    const used = await ok('POST', '/stamps', { customer: GUEST, count: 3 })
    await ok('POST', `/vouchers/${used.rewards[0].voucher_id}/redeem`)
    expect(await call('POST', `/cards/${card.id}/stamps/${used.stamp.id}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'reward_used' },
    })
    expect(await call('POST', `/cards/${card.id}/stamps/stamp_none/undo`)).toMatchObject({ status: 404 })
  })

  test('are listed with what each has earned, page by page', async () => {
    const { ok } = await openCafe()
    const { id } = await ok('POST', '/cards', { customer: GUEST })
    for (const n of [1, 2, 3]) await ok('POST', `/cards/${id}/stamps`, { count: 1, receipt_id: `R-${n}` })
    const first = await ok('GET', `/cards/${id}/history?limit=2`)
    expect(first.data.map((entry: Json) => entry.receipt_id)).toEqual(['R-3', 'R-2'])
    expect(first.data[0].rewards).toMatchObject([{ type: 'voucher' }])
    const last = await ok('GET', `/cards/${id}/history?limit=2&cursor=${first.next_cursor}`)
    expect(last).toMatchObject({ data: [{ receipt_id: 'R-1', rewards: [] }], next_cursor: null })
  })

  test('64 at once on one card are 64', async () => {
    const { call, ok } = await openCafe()
    const { id } = await ok('POST', '/cards', { customer: GUEST })
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => call('POST', `/cards/${id}/stamps`, { count: 1 })),
    )
    expect(answers.every(({ status }) => status === 201)).toBe(true)
    expect((await ok('GET', `/cards/${id}`)).stamps_total).toBe(64)
  })
})

describe('a lottery', () => {
  test('that a goal has earned is drawn once', async () => {
    const { call, ok } = await openCafe()
    const { rewards } = await ok('POST', '/stamps', { customer: GUEST, count: 6 })
    const lottery = rewards.find((reward: Json) => reward.type === 'lottery')
    const drawn = await ok('POST', `/rewards/${lottery.id}/draw`)
    expect(drawn.voucher_id === null).toBe(drawn.result === 'no_prize')
    expect(await ok('POST', `/rewards/${lottery.id}/draw`)).toEqual(drawn)
    const voucher = rewards.find((reward: Json) => reward.type === 'voucher')
    expect(await call('POST', `/rewards/${voucher.id}/draw`)).toMatchObject({
      status: 409,
      body: { code: 'not_a_lottery' },
    })
    expect(await call('POST', '/rewards/rwd_none/draw')).toMatchObject({ status: 404 })
  })
})

/** 7stamp tells of stamps; resolves when they are applied. */
const tellStamps = async (api: Api, ...frames: readonly object[]) => {
  const { db, journal, businesses, sealing, signals, clock } = api.foundation
  const admissions = createAdmissions({ db, store: businesses, sealing, signals, standIns: [] })
  const inbox = createInbox({ db, journal, clock, admissions, wake: () => undefined })
  const admission = await inbox.admit(TOKEN)
  if (!admission) throw new Error('the webhook address is not known')
  const headers = { 'webhook-id': undefined, 'webhook-timestamp': undefined, 'webhook-signature': undefined }
  for (const frame of frames) await inbox.receive(admission, headers, Buffer.from(JSON.stringify(frame)))
  await applyEvents(api)
}
const TOKEN = 'a-webhook-token-for-cards'
const stampAdded = (index: number, card = 'card_001') => ({
  event: 'stamp_added',
  timestamp: new Date(Date.UTC(2026, 4, 11, 9, index)).toISOString(),
  business_id: 'b_123',
  location_id: 'loc_45',
  customer: { id: 'c_789' },
  card: { id: card, stamps: index, stamps_goal: 8 },
  stamp: { ...(index > 1 && { count: index }), receipt_id: `R-${index}`, source: 'staff_scanner' },
})

describe('what 7stamp owns', () => {
  test('has its stamps as 7stamp told of them, the newest first, page by page', async () => {
    const api = await openApi(undefined, { SEVENSTAMP_WEBHOOK_TOKEN: TOKEN })
    await tellStamps(api, stampAdded(1), stampAdded(2), stampAdded(3, 'card_002'), stampAdded(4))
    const [card] = (await api.ok('GET', '/cards?number=card_001')).data
    const first = await api.ok('GET', `/cards/${card.id}/history?limit=2`)
    expect(first.data).toMatchObject([
      {
        card_id: card.id,
        count: 4,
        receipt_id: 'R-4',
        source: 'staff_scanner',
        at: '2026-05-11T09:04:00.000Z',
        rewards: [],
      },
      { count: 2, receipt_id: 'R-2', staff_id: null, undone_at: null },
    ])
    const [location] = (await api.ok('GET', '/locations')).data
    expect(first.data[0].location_id).toBe(location.id)
    const last = await api.ok('GET', `/cards/${card.id}/history?limit=2&cursor=${first.next_cursor}`)
    expect(last).toMatchObject({ data: [{ count: 1, receipt_id: 'R-1' }], next_cursor: null })
  })

  test('is told of without what 7stamp adds of its own', async () => {
    const api = await openApi(undefined, { SEVENSTAMP_WEBHOOK_TOKEN: TOKEN })
    const { card, ...frame } = stampAdded(1)
    await tellStamps(api, { ...frame, card: { ...card, owner_name: 'Nina' } })
    const [{ data }] = (await api.ok('GET', '/events')).data
    expect(data).toMatchObject({ card: { id: 'card_001', stamps: 1 }, location_id: 'loc_45' })
    expect(JSON.stringify(data)).not.toContain('Nina')
  })

  test('gets no second card beside it from a till that does not ask for one', async () => {
    const api = await openApi(undefined, { SEVENSTAMP_WEBHOOK_TOKEN: TOKEN })
    const { cardTemplateId } = await setUpProgramme(api)
    await tellStamps(api, stampAdded(1))
    const [{ id }] = (await api.ok('GET', '/customers')).data
    const customer = { id }
    expect(await api.call('POST', '/stamps', { customer, count: 1 })).toMatchObject({
      status: 409,
      body: { code: 'managed_by_7stamp' },
    })
    expect((await api.ok('GET', `/customers/${id}/cards`)).data).toHaveLength(1)
    const asked = { customer, count: 1, card_template_id: cardTemplateId }
    expect(await api.ok('POST', '/stamps', asked)).toMatchObject({ card: { master: 'own', stamps: 1 } })
    expect(await api.ok('POST', '/stamps', { customer, count: 1 })).toMatchObject({
      card: { master: 'own', stamps: 2 },
    })
  })

  test('is shown, and changed only there', async () => {
    const api = await openCafe()
    await mirrorCard(api)
    expect(await api.ok('GET', '/cards/card_7')).toMatchObject({ master: '7stamp', number: 'card_001', stamps: null })
    expect(await api.ok('GET', '/customers/c_7')).toMatchObject({ master: '7stamp', external_id: 'c_789' })
    for (const [path, body] of [
      ['/cards/card_7/stamps', { count: 1 }],
      ['/cards/card_7/stamps/stamp_1/undo', {}],
      ['/vouchers/v_7/redeem', {}],
      ['/vouchers/v_7/undo', {}],
    ] as const)
      expect(await api.call('POST', path, body)).toMatchObject({ status: 409, body: { code: 'managed_by_7stamp' } })
  })
})
