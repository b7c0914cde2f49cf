import { HOLD_MS } from '../../src/notify/merge.js'
import { chatNumberOf, openCafe } from '../rig/cafe.js'
import { waitFor } from '../rig/clock.js'
import type { FrameKind } from '../rig/frames.js'
import { type Helper, startHelper } from '../rig/helper.js'
import type { Load, Posted } from '../rig/load.js'
import { startProgram } from '../rig/program.js'
import { atMost, type Line } from '../rig/report.js'
import { percentile } from '../rig/statistics.js'
import type { TelegramSink } from '../rig/telegram-sink.js'

const KINDS: readonly FrameKind[] = ['words', 'picture']
const IDLE = { perSec: 3, count: 60 }
const BUSY = { perSec: 100, count: 1_500 }
const CUSTOMERS = KINDS.length * (IDLE.count + BUSY.count)
const TIMEOUT_MS = 120_000

/** From the POST of a webhook to the provider's request, on one process, beyond the hold that gathers a visit's news. */
export const benchThrough = async (): Promise<Line[]> => {
  const load = startHelper<Load>(new URL('../rig/load.js', import.meta.url))
  const sink = startHelper<TelegramSink>(new URL('../rig/telegram-sink.js', import.meta.url))
  const sinkPort = await sink.ask('listen')
  const settings = { TELEGRAM_API_ROOT: `http://127.0.0.1:${sinkPort}`, TELEGRAM_MESSAGES_PER_SEC: '1000' }
  const cafe = await openCafe({ customers: CUSTOMERS, settings })
  const program = await startProgram(cafe.settings)
  try {
    const lines: Line[] = []
    let firstCustomer = 0
    for (const kind of KINDS) {
      for (const pace of [IDLE, BUSY]) {
        const aim = { port: program.port, path: cafe.webhookPath, kind, customers: pace.count, firstCustomer }
        await sink.ask('reset', true)
        const posted = await load.ask('openLoop', { ...aim, connections: 16 }, pace.perSec, pace.count)
        lines.push(...linesOf(kind, pace, await waysOf(sink, posted)))
        firstCustomer += pace.count
      }
    }
    return lines
  } finally {
    await program.stop()
    await Promise.all([load.stop(), sink.stop(), cafe.remove()])
  }
}

/** Milliseconds from each POST to the message it caused, without the time it is held on purpose. */
const waysOf = async (sink: Helper<TelegramSink>, { dueMs }: Posted): Promise<number[]> => {
  const enough = async () => ((await sink.ask('tally')).count >= dueMs.length ? true : undefined)
  await waitFor(`${dueMs.length} messages`, enough, { timeoutMs: TIMEOUT_MS })
  const arrivals = new Map((await sink.ask('arrivals')).map(({ chatId, atMs }) => [chatId, atMs]))
  return dueMs.map(([customer, atMs]) => (arrivals.get(chatNumberOf(customer)) ?? Number.NaN) - atMs - HOLD_MS)
}

const linesOf = (kind: FrameKind, pace: typeof IDLE, waysMs: readonly number[]): Line[] => {
  const when = pace === IDLE ? 'idle' : `at_${pace.perSec}_per_sec`
  const what = `${kind === 'words' ? 'in words' : 'with its picture'}, ${when.replaceAll('_', ' ')}`
  return [
    { name: `${kind}_${when}_p50_ms`, what: `${what}, median`, value: percentile(waysMs, 0.5), unit: 'ms' },
    {
      name: `${kind}_${when}_p95_ms`,
      what: `${what}, 95 %`,
      value: percentile(waysMs, 0.95),
      unit: 'ms',
      target: atMost(pace === IDLE ? 200 : 1_000),
    },
  ]
}
