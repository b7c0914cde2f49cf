import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openInstallation, type WebProgram } from '../support/program.js'

const REQUESTS = 60
const PHONE = '+380501112233'

interface Answer {
  readonly id: string
  readonly code?: string
  readonly number?: string
  readonly status?: string | number
  readonly stamps_total?: number
}

/** What a client does that wants each of its requests done once: it sends it again with its key until it is answered. */
const untilAnswered = async (url: () => string, key: string, path: string, body: object, idempotencyKey: string) => {
  for (let tries = 0; tries < 200; tries++) {
    try {
      const response = await fetch(`${url()}/api/v1${path}`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${key}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': idempotencyKey,
        },
        body: JSON.stringify(body),
      })
      const answer = (await response.json()) as Answer
      if (response.status < 300) return answer
      if (answer.code !== 'idempotency_key_in_use') throw new Error(`${response.status} ${JSON.stringify(answer)}`)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
    await delay(200)
  }
  throw new Error('never answered')
}

test('a program that is killed again and again does every request once', async () => {
  const installation = openInstallation({ env: { DEMO: '0' } })
  onTestFinished(() => installation.close())
  let program: WebProgram = await installation.start()
  const url = () => program.url
  const [owner] = await installation.cli('owner', 'create', 'Olena', 'olena')
  const key = String(owner?.key)
  const send = (path: string, body: object, idempotencyKey: string) =>
    untilAnswered(url, key, path, body, idempotencyKey)
  const goals = [{ stamps: 1_000, reward: { kind: 'award', title: 'A party' } }]
  const rules = { title: 'Card', goals, stamping: { kind: 'per_order' }, after_last_goal: 'stop' }
  await send('/card_templates', rules, 'template')
  const customer = await send('/customers', { phone: PHONE }, 'customer')

  const answers = Promise.all(
    Array.from({ length: REQUESTS }, async (_, n) => {
      await delay(n * 10)
      if (n % 3 !== 0) return send('/stamps', { customer: { phone: PHONE }, count: 1 }, `stamp ${n}`)
      const voucher = await send('/vouchers', { customer_id: customer.id, title: 'A cake' }, `voucher ${n}`)
      return send('/vouchers/redeem', { redeem_code: voucher.number }, `redeem ${n}`)
    }),
  )
  for (let kills = 0; kills < 3; kills++) {
    await delay(150)
    await program.kill()
    program = await installation.start()
  }
  const redeemed = (await answers).filter(({ status }) => status === 'redeemed')
  expect(redeemed).toHaveLength(REQUESTS / 3)
  const read = async (path: string): Promise<readonly Answer[]> => {
    const response = await fetch(`${program.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${key}` } })
    return ((await response.json()) as { data: Answer[] }).data
  }
  const [card] = await read(`/customers/${customer.id}/cards`)
  expect(card?.stamps_total).toBe((REQUESTS / 3) * 2)
  expect(await read(`/customers/${customer.id}/vouchers?limit=100`)).toHaveLength(REQUESTS / 3)
})
