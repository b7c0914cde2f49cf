import { describe, expect, test, vi } from 'vitest'
import type { WebProgram } from '../support/program.js'
import {
  type Cafe,
  openRunningCafe,
  quietMoment,
  type RunningCafe,
  rowsOf,
  SOON,
  waitForMessages,
} from './open-cafe.js'

const DEMO_PEOPLE = 3

/** What is left of people in the database, by table. */
const traces = (cafe: Cafe) => ({
  customers: rowsOf(cafe, 'select id from customers').length,
  cards: rowsOf(cafe, 'select id from cards').length,
  vouchers: rowsOf(cafe, 'select id from vouchers').length,
  contents: rowsOf(cafe, 'select delivery_id from delivery_contents where customer_id is not null').length,
  bodies: rowsOf(cafe, 'select id from events where body is not null').length,
})

const NOTHING = { customers: 0, cards: 0, vouchers: 0, contents: 0, bodies: 0 }

describe('the demo', () => {
  const openDemo = async () => {
    const cafe = await openRunningCafe({ env: { DEMO: '1' } })
    await vi.waitFor(() => expect(rowsOf(cafe, 'select id from cards')).toHaveLength(DEMO_PEOPLE), SOON)
    return cafe
  }
  const ask = ({ url }: WebProgram, path: string, body: object) =>
    fetch(`${url}/try/demo/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  /** Olena of the demo in a chat, after a voucher. */
  const withVoucher = async () => {
    const cafe = await openDemo()
    const { program, telegram } = cafe
    const { token } = Object(await (await ask(program, 'links', { customer: 'demo_olena' })).json())
    const user = telegram.user(501)
    user.says(`/start ${token}`)
    await waitForMessages(user.sees, 2)
    const frames = `${program.url}/try/demo/frames?customer=demo_olena&event=voucher_issued`
    const { frame } = Object(await (await fetch(frames)).json())
    const answer = await ask(program, 'webhooks', { body: JSON.stringify(frame) })
    expect(await answer.json()).toMatchObject({ status: 202 })
    await waitForMessages(user.sees, 1, 2)
    return { cafe, user }
  }

  test.each<[string, (cafe: RunningCafe) => Promise<unknown>]>([
    ['the panel’s call', ({ program }) => fetch(`${program.url}/try/demo`, { method: 'DELETE' })],
    ['the command line', ({ installation }) => installation.cli('demo', 'remove')],
  ])('is removed by %s: nothing of its people is left, and their chats are guests’', async (_by, remove) => {
    const { cafe, user } = await withVoucher()
    expect(traces(cafe)).not.toEqual(NOTHING)
    await remove(cafe)
    expect(traces(cafe)).toEqual(NOTHING)
    expect(rowsOf(cafe, 'select role, customer_id from chats')).toEqual([{ role: 'guest', customer_id: null }])

    user.says('/card')
    const [answer] = await waitForMessages(user.sees, 1, 3)
    expect(answer?.text).not.toContain('Штампи')
    expect(answer?.photo).toBeNull()
  })

  test('does not come back with the next start', async () => {
    const cafe = await openDemo()
    await fetch(`${cafe.program.url}/try/demo`, { method: 'DELETE' })
    await cafe.program.stop()
    await cafe.installation.start()
    await quietMoment()
    expect(traces(cafe)).toEqual(NOTHING)
  })

  test('is not there in production unless it is asked for', async () => {
    const production = { NODE_ENV: 'production', MASTER_KEY: Buffer.alloc(32, 7).toString('base64'), HOST: '127.0.0.1' }
    const { program } = await openRunningCafe({ env: { ...production, DEMO: '' } })
    expect((await fetch(`${program.url}/try/demo`)).status).toBe(404)
    expect((await fetch(`${program.url}/try`)).status).toBe(200)
    expect((await ask(program, 'links', { customer: 'demo_olena' })).status).toBe(404)
  })
})
