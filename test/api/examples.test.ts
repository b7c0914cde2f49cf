import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiCall, RequestExample } from '../../src/api/api-call.js'
import { apiCallsOf } from '../../src/main/api.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'
import { type Api, applyEvents, linkChat, openApi, setUpProgramme } from './open-api.js'

/** What stands behind the ids of the documentation: a programme, its people, their cards and vouchers. */
const prepare = async (api: Api): Promise<Readonly<Record<string, string>>> => {
  const { ok } = api
  const { cardTemplateId, voucherTemplateId } = await setUpProgramme(api)
  const card = await ok('POST', '/cards', { customer: { phone: '+380991112233', name: 'Ira' } })
  const stamped = (count: number, receipt: string) =>
    ok('POST', `/cards/${card.id}/stamps`, { count, receipt_id: receipt })
  const lottery = (await stamped(6, 'first')).rewards.find(({ type }: { type: string }) => type === 'lottery')
  const mistake = await stamped(1, 'mistake')
  const voucher = await ok('POST', '/vouchers', { card_id: card.id, title: 'A cake' })
  const redeemed = await ok('POST', '/vouchers', { card_id: card.id, title: 'A tart' })
  await ok('POST', `/vouchers/${redeemed.id}/redeem`)
  const leaving = await ok('POST', '/customers', { phone: '+380992223344' })
  const linked = await ok('POST', '/customers', { phone: '+380993334455' })
  await linkChat(api, linked.id)
  const location = await ok('POST', '/locations', { name: 'Center' })
  await applyEvents(api)
  const {
    data: [event],
  } = await ok('GET', '/events', undefined)
  const webhook = await ok('POST', '/webhooks', { url: 'https://hooks.example.com/all' })
  const leavingWebhook = await ok('POST', '/webhooks', { url: 'https://hooks.example.com/leaving' })
  const staff = await ok('POST', '/staff', { name: 'Oksana', role: 'cashier', login: 'oksana' })
  return {
    c_example: card.customer_id,
    c_leaving_example: leaving.id,
    c_linked_example: linked.id,
    card_example: card.id,
    ct_example: cardTemplateId,
    vt_example: voucherTemplateId,
    stamp_mistaken_example: mistake.stamp.id,
    rwd_lottery_example: lottery.id,
    v_example: voucher.id,
    v_redeemed_example: redeemed.id,
    number_example: voucher.number,
    loc_example: location.id,
    staff_example: staff.id,
    sub_example: webhook.id,
    sub_leaving_example: leavingWebhook.id,
    evt_example: event.id,
  }
}

/** Each id of the documentation as the id that stands behind it. */
const filledIn = <T>(value: T, ids: Readonly<Record<string, string>>): T =>
  JSON.parse(JSON.stringify(value ?? null).replaceAll(/"(\w+_example)"/g, (_, id: string) => JSON.stringify(ids[id])))

const pathOf = ({ path }: ApiCall, { params = {}, query = {} }: RequestExample): string => {
  const search = new URLSearchParams(query).toString()
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '') + (search ? `?${search}` : '')
}

/** Reading first, then writing, then what ends something. */
const inOrder = (calls: readonly ApiCall[]): readonly ApiCall[] => [...calls].sort((a, b) => rank(a) - rank(b))
const rank = ({ method, path }: ApiCall): number => {
  if (method === 'GET' || path === '/vouchers/check') return 0
  return method === 'DELETE' || path.endsWith('/undo') || path.endsWith('redeem') ? 2 : 1
}

/** Sends what the documentation shows, and looks at the answers as it describes them. */
const sendExamples = async (api: Api): Promise<void> => {
  const ids = await prepare(api)
  for (const call of inOrder(apiCallsOf(api.foundation))) {
    for (const example of call.examples) {
      const path = pathOf(call, filledIn({ ...example, body: undefined }, ids))
      const body = example.body === undefined ? undefined : filledIn(example.body, ids)
      const got = await api.call(call.method, path, body)
      const what = `${call.method} ${path} (${example.title}): ${JSON.stringify(got.body)}`
      expect(got.status, what).toBe(example.status)
      const described = call.answer.safeParse(got.body)
      expect(described.success, `${what}: ${described.error?.message}`).toBe(true)
    }
  }
}

test('every request that the documentation shows is answered as it says', async () => {
  await sendExamples(await openApi())
})

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  test('every request that the documentation shows is answered the same', async () => {
    const DATABASE_URL = await server.createDatabase('api_examples')
    const MASTER_KEY = Buffer.alloc(32, 1).toString('base64')
    await sendExamples(await openApi(undefined, { DATABASE_URL, MASTER_KEY }))
  })
})
