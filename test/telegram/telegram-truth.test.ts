import { PNG } from 'pngjs'
import { expect, test } from 'vitest'
import type { OutgoingPicture } from '../../bots/messenger.js'
import {
  ACCEPT_THEN_DROP,
  BAD_GATEWAY,
  BLOCKED,
  DROP_BEFORE_READ,
  type Fault,
  SERVER_ERROR,
  tooManyRequests,
} from '../doubles/telegram-faults.js'
import { openTelegramForTest } from './open-telegram.js'

test('whatever goes wrong, a result is the truth: sent arrived, not sent did not, and only unknown is open', async () => {
  const { messenger, double } = await openTelegramForTest({ strangers: 'accept', timeoutMs: 100 })
  const faults: (Fault | null)[] = [
    ...[null, null, ACCEPT_THEN_DROP, DROP_BEFORE_READ, BAD_GATEWAY, SERVER_ERROR, BLOCKED, tooManyRequests(1)],
    { kind: 'slow', delayMs: 300 },
  ]
  const results: [chatId: number, status: string][] = []
  for (let chatId = 1; chatId <= 90; chatId += 1) {
    const fault = faults[chatId % faults.length]
    if (fault) double.fault(fault, { times: 1 })
    const picture = chatId % 2 === 0 ? {} : { picture: pictureNo(chatId % 7) }
    const message = { id: `d_${chatId}`, text: 'Hello', ...picture }
    const result = await messenger.send(String(chatId), message, new AbortController().signal)
    results.push([chatId, result.status])
  }
  const arrivals = (status: string) =>
    new Set(results.filter((result) => result[1] === status).map(([chatId]) => double.delivered(chatId)))
  expect(arrivals('sent')).toEqual(new Set([1]))
  expect(arrivals('not_sent')).toEqual(new Set([0]))
  expect(arrivals('unreachable')).toEqual(new Set([0]))
  expect(arrivals('unknown')).toEqual(new Set([0, 1]))
}, 30_000)

const pictureNo = (n: number): OutgoingPicture => ({
  id: `picture-${n}`,
  altText: 'Stamp card',
  png: async () => PNG.sync.write(new PNG({ width: 8 + n, height: 8 })),
})
