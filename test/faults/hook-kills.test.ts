import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { openReceiver } from '../doubles/webhook-receiver.js'
import { openInstallation } from '../support/program.js'
import { postAll, rewardIssued } from './webhook-sender.js'

const RUN = inject('faultRuns') === 'long' ? { kills: 20, events: 3_000 } : { kills: 3, events: 300 }
const BETWEEN_KILLS = Math.floor(RUN.events / (RUN.kills + 1))

test('a program that is killed while it sends webhooks, again and again, loses none of them', async () => {
  const installation = openInstallation({
    env: { DEMO: '0', ALLOW_PRIVATE_WEBHOOKS: '1', SEVENSTAMP_WEBHOOK_TOKEN: 'a-webhook-token-for-faults' },
  })
  onTestFinished(() => installation.close())
  const receiver = await openReceiver()
  receiver.answerWith(() => ({ status: 200, afterMs: Math.random() * 60 }))
  await installation.cli('webhooks', 'add', receiver.url)
  const arrived = () => new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size
  const untilArrived = (count: number) =>
    vi.waitFor(() => expect(arrived()).toBeGreaterThanOrEqual(count), { timeout: 60_000, interval: 10 })

  let program = await installation.start()
  expect(await postAll(program.webhookUrl, RUN.events, rewardIssued)).toEqual({ 202: RUN.events })
  for (let kill = 1; kill <= RUN.kills; kill++) {
    await untilArrived(Math.min(kill * BETWEEN_KILLS, RUN.events - 1))
    await program.kill()
    program = await installation.start()
  }
  await untilArrived(RUN.events)
  await vi.waitFor(
    async () => expect(await installation.cli('deliveries', 'count')).toEqual([{ state: 'sent', count: RUN.events }]),
    { timeout: 30_000, interval: 500 },
  )
  console.info(
    `${RUN.kills} kills, ${RUN.events} webhooks: 0 lost, ${receiver.received.length - RUN.events} came twice`,
  )
  expect(await program.stop()).toMatchObject({ code: 0 })
})
