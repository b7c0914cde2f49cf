import { type Cafe, chatNumberOf, openCafe } from '../rig/cafe.js'
import { waitFor } from '../rig/clock.js'
import { type Helper, startHelper } from '../rig/helper.js'
import { startProgram } from '../rig/program.js'
import { atMost, type Line } from '../rig/report.js'
import { percentile } from '../rig/statistics.js'
import type { TelegramSink } from '../rig/telegram-sink.js'

const ROUNDS = 2
const QUESTIONS = 50
/** With 25 of a broadcast these stay below the 30 a second that the bot may send in all. */
const ASK_EVERY_MS = 320
const BROADCAST = 1_000

/** From an update to its reply, while nothing else happens and during a broadcast on the same bot. */
export const benchReply = async (): Promise<Line[]> => {
  const sink = startHelper<TelegramSink>(new URL('../rig/telegram-sink.js', import.meta.url))
  try {
    const settings = { TELEGRAM_API_ROOT: `http://127.0.0.1:${await sink.ask('listen')}` }
    const idle: number[] = []
    const busy: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      idle.push(...(await repliesIn(sink, await openCafe({ customers: QUESTIONS, settings }), 0)))
      const customers = QUESTIONS + BROADCAST
      busy.push(...(await repliesIn(sink, await openCafe({ customers, campaignFrom: QUESTIONS, settings }), BROADCAST)))
    }
    return linesOf(idle, busy)
  } finally {
    await sink.stop()
  }
}

/** Milliseconds of each reply; the first customers ask, one after the other. */
const repliesIn = async (sink: Helper<TelegramSink>, cafe: Cafe, broadcast: number): Promise<number[]> => {
  await sink.ask('reset', true)
  const program = await startProgram(cafe.settings)
  try {
    // The broadcast runs at its full rate before the first question.
    await waitFor('the bot', async () =>
      (await sink.ask('tally')).count >= Math.min(broadcast, 50) ? true : undefined,
    )
    await pause(1_000)
    for (let index = 0; index < QUESTIONS; index++) {
      await sink.ask('write', chatNumberOf(index), '/help')
      await pause(ASK_EVERY_MS)
    }
    return await waitFor('the replies', async () => {
      const arrivals = new Map((await sink.ask('arrivals')).map(({ chatId, atMs }) => [chatId, atMs]))
      const replies = (await sink.ask('handed')).map(({ chatId, atMs }) => (arrivals.get(chatId) ?? Number.NaN) - atMs)
      return replies.length === QUESTIONS && !replies.some(Number.isNaN) ? replies : undefined
    })
  } finally {
    await program.stop()
    await cafe.remove()
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const linesOf = (idle: readonly number[], busy: readonly number[]): Line[] => {
  const idleMs = percentile(idle, 0.95)
  const busyMs = percentile(busy, 0.95)
  const target = atMost(Math.max(1.3 * idleMs, idleMs + 15))
  return [
    { name: 'idle_p50_ms', what: 'reply while idle, median', value: percentile(idle, 0.5), unit: 'ms' },
    { name: 'idle_p95_ms', what: 'reply while idle, 95 %', value: idleMs, unit: 'ms' },
    { name: 'busy_p50_ms', what: 'reply during a broadcast at 25/s, median', value: percentile(busy, 0.5), unit: 'ms' },
    { name: 'busy_p95_ms', what: 'reply during a broadcast at 25/s, 95 %', value: busyMs, unit: 'ms', target },
    { name: 'busy_to_idle', what: '95 % of the one to the other', value: busyMs / idleMs, unit: '×', isRatio: true },
  ]
}
