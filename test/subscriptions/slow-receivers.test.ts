import { expect, test, vi } from 'vitest'
import { openReceiver, type WebhookReceiver } from '../doubles/webhook-receiver.js'
import { openHooks, stampAdded } from '../support/hooks.js'

const RECEIVERS = 50
const HANGING = 10
const EVENTS = 8
const MOST_P99_MS = 2_000

test('a fifth of fifty receivers hang, and the others have their events within two seconds', async () => {
  const hooks = await openHooks()
  const receivers: WebhookReceiver[] = []
  for (let n = 0; n < RECEIVERS; n++) {
    const receiver = await openReceiver()
    if (n < HANGING) receiver.answerWith('hang')
    receivers.push(receiver)
    await hooks.subscribe({ url: receiver.url })
  }
  const prompt = receivers.slice(HANGING)
  const tookMs: number[] = []
  for (let index = 0; index < EVENTS; index++) {
    const postedAt = performance.now()
    await hooks.post(stampAdded(index))
    await vi.waitFor(() => expect(prompt.every(({ received }) => received.length > index)).toBe(true), {
      timeout: 10_000,
      interval: 20,
    })
    for (const { received } of prompt) tookMs.push((received[index]?.at ?? Number.POSITIVE_INFINITY) - postedAt)
  }
  tookMs.sort((a, b) => a - b)
  const p99Ms = tookMs[Math.floor(tookMs.length * 0.99)] ?? Number.POSITIVE_INFINITY
  console.info(`slow receivers: ${tookMs.length} deliveries, p99 ${p99Ms.toFixed(0)} ms`)
  expect(p99Ms).toBeLessThan(MOST_P99_MS)
  expect(receivers.slice(0, HANGING).every(({ received }) => received.length > 0)).toBe(true)
}, 60_000)
