import { expect, test } from 'vitest'
import { apiTables } from '../../src/api/api-tables.js'
import { statement } from '../../src/db/database.js'
import { createSubscriptionStore } from '../../src/subscriptions/subscription-store.js'
import { type Api, applyEvents, openApi, setUpProgramme } from './open-api.js'

const URL = 'https://hooks.example.com/stampcast'

const add = ({ ok }: Api, body: object = { url: URL }, headers: Readonly<Record<string, string>> = {}) =>
  ok('POST', '/webhooks', body, { headers })

test('a webhook is added, with its secret shown once, and listed without it', async () => {
  const api = await openApi()
  const { secret, ...added } = await add(api, { url: URL, events: ['goal_reached'], include_contact: true })
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
  expect(added).toMatchObject({ url: URL, events: ['goal_reached'], include_contact: true, state: 'enabled' })
  expect(await api.ok('GET', '/webhooks')).toEqual({ data: [added] })
})

test('the same request again gives the same webhook', async () => {
  const api = await openApi()
  const [first, second] = [
    await add(api, { url: URL }, { 'Idempotency-Key': 'once' }),
    await add(api, { url: URL }, { 'Idempotency-Key': 'once' }),
  ]
  expect(second).toEqual(first)
  expect((await api.ok('GET', '/webhooks')).data).toHaveLength(1)
})

test.each([
  [{}, 'url'],
  [{ url: 'http://hooks.example.com/' }, 'url'],
  [{ url: 'https://127.0.0.1/' }, 'url'],
  [{ url: 'https://[::ffff:10.0.0.1]/' }, 'url'],
  [{ url: URL, events: ['nothing'] }, 'events[0]'],
  [{ url: URL, events: [] }, 'events'],
  [{ url: URL, include_contact: 'yes' }, 'include_contact'],
  [{ url: URL, secret: 'mine' }, 'secret'],
])('%j is refused, and says where', async (body, field) => {
  const { status, body: problem } = await (await openApi()).call('POST', '/webhooks', body)
  expect(status).toBe(422)
  expect(problem.errors ?? problem.fields).toEqual([expect.objectContaining({ field })])
})

test('what waits to be sent is in the log, page by page, and is cancelled with the webhook', async () => {
  const api = await openApi()
  await setUpProgramme(api)
  const { id } = await add(api)
  for (const phone of ['+380991112233', '+380992223344', '+380993334455'])
    await api.ok('POST', '/cards', { customer: { phone } })
  await applyEvents(api)
  const first = await api.ok('GET', `/webhooks/${id}/deliveries?limit=2`)
  const second = await api.ok('GET', `/webhooks/${id}/deliveries?limit=2&cursor=${first.next_cursor}`)
  expect([...first.data, ...second.data]).toHaveLength(3)
  expect(second.next_cursor).toBeNull()
  expect(first.data[0]).toMatchObject({
    purpose: 'event',
    state: 'pending',
    tries: [],
    next_try_at: expect.any(String),
  })
  await api.ok('DELETE', `/webhooks/${id}`)
  expect((await api.call('GET', `/webhooks/${id}/deliveries`)).status).toBe(404)
  expect((await api.call('DELETE', `/webhooks/${id}`)).status).toBe(404)
})

test('a replay names an event or a time, and only what is there', async () => {
  const api = await openApi()
  const { id } = await add(api)
  const replay = (body: object) => api.call('POST', `/webhooks/${id}/replay`, body)
  expect((await replay({ event_id: 'evt_none' })).status).toBe(404)
  expect((await replay({ from: '2026-01-01T00:00:00Z' })).status).toBe(422)
  expect((await replay({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).body).toEqual({ deliveries: 0 })
  expect(await replay({ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'to' }] },
  })
})

test('a webhook gets another secret', async () => {
  const api = await openApi()
  const { id, secret, ...added } = await add(api)
  const rotated = await api.ok('POST', `/webhooks/${id}/rotate`)
  expect(rotated).toEqual({ ...added, id, secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/) })
  expect(rotated.secret).not.toBe(secret)
  expect((await api.call('POST', '/webhooks/sub_none/rotate')).status).toBe(404)
})

test('a webhook that is disabled is sent to again when it is enabled', async () => {
  const api = await openApi()
  const { id } = await add(api)
  const { db } = api.foundation
  await db.write(createSubscriptionStore(db).disable({ id, reason: 'gone', now: 1, isAlerted: true }))
  expect((await api.ok('GET', '/webhooks')).data).toMatchObject([{ state: 'disabled', disabled_reason: 'gone' }])
  const replay = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }
  expect((await api.call('POST', `/webhooks/${id}/replay`, replay)).body.code).toBe('conflict')
  expect(await api.ok('POST', `/webhooks/${id}/enable`)).toMatchObject({ state: 'enabled', disabled_reason: null })
  expect(await api.ok('POST', `/webhooks/${id}/enable`)).toMatchObject({ state: 'enabled' })
  expect((await api.call('POST', `/webhooks/${id}/replay`, replay)).status).toBe(202)
})

test('a request whose answer was lost is done once', async () => {
  let now = Date.UTC(2026, 4, 1, 9)
  const api = await openApi(() => now)
  const { id } = await add(api)
  const { db } = api.foundation
  const once = { headers: { 'Idempotency-Key': 'k' } }
  /** As if the process had died between the change and the note of its answer. */
  const loseAnswers = async () => {
    const { apiAnswers } = db.tables(apiTables)
    await db.write(statement('test lost answers', (q) => q.update(apiAnswers).set({ status: null, sealed: null }))({}))
    now += 60_000
  }
  const { secret } = await api.ok('POST', `/webhooks/${id}/rotate`, undefined, once)
  await loseAnswers()
  expect((await api.ok('POST', `/webhooks/${id}/rotate`, undefined, once)).secret).toBe(secret)
  await api.ok('DELETE', `/webhooks/${id}`, undefined, once)
  await loseAnswers()
  expect((await api.call('DELETE', `/webhooks/${id}`, undefined, once)).status).toBe(204)
})
