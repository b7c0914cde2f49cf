import { describe, expect, test } from 'vitest'
import { apiCallsOf } from '../../src/main/api.js'
import { openClockwork } from '../../src/main/own-commands.js'
import { type Json, openApi, setUpProgramme } from './open-api.js'

describe('the API', () => {
  test('says what it does not have, and which methods an address takes', async () => {
    const { call } = await openApi()
    expect(await call('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const wrong = await call('PUT', '/cards')
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } })
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'POST'])
    expect((await call('PATCH', '/vouchers/check')).headers.get('allow')).toBe('POST')
  })

  test('takes JSON of a reasonable size and nothing else', async () => {
    const { call } = await openApi()
    const send = (body: string, type = 'application/json') =>
      call('POST', '/customers', body, { headers: { 'Content-Type': type } })
    expect(await send('{', 'application/json')).toMatchObject({ status: 400, body: { code: 'invalid_json' } })
    expect(await send('a=1', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 })
    expect(await send(JSON.stringify({ name: 'x'.repeat(300_000) }))).toMatchObject({ status: 413 })
    expect(await send('{"phone":"+380501112233","phone":"+380501112234"}')).toMatchObject({ status: 400 })
    expect(await send('[]')).toMatchObject({ status: 422 })
  })

  test('says of a wrong field what to send instead', async () => {
    const { call } = await openApi()
    const errorOf = async (method: string, path: string, body?: object) =>
      (await call(method, path, body)).body.errors[0]
    expect(await errorOf('POST', '/voucher_templates', { title: 'x', validity: { kind: 'weeks' } })).toEqual({
      field: 'validity.kind',
      message: 'must be one of unlimited, days, months, until',
    })
    expect(await errorOf('GET', '/stats?from=2026-05-01')).toEqual({
      field: 'from',
      message: 'must be a time with its offset, such as 2026-05-01T09:00:00Z',
    })
  })

  test('says what is left of a key’s requests', async () => {
    const { call } = await openApi()
    expect((await call('GET', '/me')).headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+$/)
  })

  test('shows nothing of another business, and changes nothing there', async () => {
    const api = await openApi()
    const { foundation, businessId, call, ok } = api
    await setUpProgramme(api)
    const { card } = await ok('POST', '/stamps', { customer: { phone: '+380501112233' }, count: 3 })
    const [{ id: voucherId }] = (await ok('GET', `/customers/${card.customer_id}/vouchers`)).data
    const ids: Readonly<Record<string, string>> = {
      customers: card.customer_id,
      cards: card.id,
      vouchers: voucherId,
      card_templates: card.template_id,
      voucher_templates: (await ok('GET', '/voucher_templates')).data[0].id,
      locations: (await ok('POST', '/locations', { name: 'Here' })).id,
      staff: (await ok('GET', '/staff')).data[0].id,
      webhooks: (await ok('POST', '/webhooks', { url: 'https://hooks.example.com/stampcast', events: ['stamp_added'] }))
        .id,
      rewards: (await ok('GET', `/cards/${card.id}/history`)).data[0].rewards[0].id,
    }
    const [row] = await foundation.db.read(foundation.businesses.byId({ id: businessId }))
    if (!row) throw new Error('no business')
    await foundation.db.write(
      foundation.businesses.add({ ...row, id: 'b_other', externalId: null, webhookTokenHash: null }),
    )
    const author = { businessId: 'b_other', actor: 'cli' }
    const { roster, keyRing } = foundation.access
    const stranger = await roster.addStaff({ ...author, name: 'Stranger', role: 'owner', login: 'stranger' })
    if (stranger.kind === 'refused') throw new Error(stranger.reason)
    const made = await keyRing.createKey({ ...author, staffId: stranger.staff.id, name: 'Key' })
    if (made.kind === 'refused') throw new Error(made.reason)
    const before = await ok('GET', `/customers/${card.customer_id}/export`)
    for (const one of apiCallsOf(foundation).filter(({ path }) => path.includes('{id}'))) {
      const id = ids[one.path.split('/')[1] ?? '']
      if (id === undefined) throw new Error(`nothing to ask ${one.path} for`)
      const path = one.path.replace('{id}', id).replace('{stamp_id}', 'stamp_x')
      const example = one.examples[0].body
      const got = await call(one.method, path, example, { key: made.key })
      expect([one.method, one.path, got.status]).toEqual([one.method, one.path, 404])
    }
    for (const list of [
      '/customers',
      `/cards?number=${card.number}`,
      '/events',
      '/card_templates',
      '/locations',
      '/webhooks',
    ])
      expect((await ok('GET', list, undefined, { key: made.key })).data, list).toEqual([])
    const code = { redeem_code: 'COFFEE' }
    expect(await call('POST', '/vouchers/redeem', code, { key: made.key })).toMatchObject({ status: 404 })
    const after = await ok('GET', `/customers/${card.customer_id}/export`)
    expect(after.holdings.vouchers).toEqual(before.holdings.vouchers)
    expect(after.holdings.cards).toEqual(before.holdings.cards)
  })
})

describe('the journal over HTTP', () => {
  test('is told newest first, page by page, without who it is about', async () => {
    const api = await openApi()
    const { ok } = api
    await setUpProgramme(api)
    await ok('POST', '/stamps', { customer: { phone: '+380501112233', name: 'Olena' }, count: 3 })
    const whole = (await ok('GET', '/events')).data
    expect(whole.map(({ event }: Json) => event).sort()).toEqual(
      ['card_issued', 'goal_reached', 'reward_issued', 'stamp_added', 'voucher_issued'].sort(),
    )
    const first = await ok('GET', '/events?limit=3')
    const rest = await ok('GET', `/events?limit=3&cursor=${first.next_cursor}`)
    expect([...first.data, ...rest.data]).toEqual(whole)
    expect(JSON.stringify(whole)).not.toContain('+380501112233')
    const [newest] = (await ok('GET', '/events?limit=1&include_contact=true')).data
    expect(newest.contact).toEqual({ name: 'Olena', phone: '+380501112233', email: null })
    const [stamp] = (await ok('GET', '/events?event=stamp_added')).data
    expect(stamp).toMatchObject({ origin: 'api', contact: null, data: { stamp: { count: 3 }, card: { stamps: 3 } } })
  })
})

describe('an event over HTTP', () => {
  test('brings all that it is about', async () => {
    let now = Date.UTC(2026, 4, 1, 9)
    const api = await openApi(() => now)
    await setUpProgramme(api)
    const { card, stamp } = await api.ok('POST', '/stamps', { customer: { phone: '+380501112233' }, count: 1 })
    const clockwork = openClockwork(api.foundation)
    await clockwork.lookAtAll()
    now += 31 * 86_400_000
    await clockwork.lookAtAll()
    const [away] = (await api.ok('GET', '/events?event=inactivity_trigger')).data
    expect(away.data).toEqual({
      card: { id: card.id },
      inactivity: { days: 30, last_stamp_at: stamp.at },
    })
  })
})

describe('the document', () => {
  test('is served to everybody, as JSON and as a page without scripts', async () => {
    const { url } = await openApi()
    const document: Json = await (await fetch(`${url}/api/openapi.json`)).json()
    expect(document.openapi).toBe('3.1.0')
    expect(
      document.paths['/cards/{id}/stamps'].post.requestBody.content['application/json'].schema.properties,
    ).toHaveProperty('receipt_id')
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    )
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(references))
    const page = await fetch(`${url}/api/docs`)
    const html = await page.text()
    expect(html).toContain('POST /vouchers/redeem')
    expect(html).not.toMatch(/<script|<style|style=/)
    const [, style = ''] = /href="(docs\/[^"]+)"/.exec(html) ?? []
    expect((await fetch(`${url}/api/${style}`)).headers.get('content-type')).toContain('text/css')
  })
})
