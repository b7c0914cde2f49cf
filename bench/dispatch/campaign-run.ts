import { limitsAt } from '../../bots/telegram/telegram-messenger.js'
import { type Cafe, openCafe } from '../rig/cafe.js'
import { waitFor } from '../rig/clock.js'
import type { Helper } from '../rig/helper.js'
import { startProgram } from '../rig/program.js'
import type { TelegramSink } from '../rig/telegram-sink.js'

/** Far more than any machine can send: nothing waits for the limiter. */
const MESSAGES_PER_SEC = 100_000
/** As many requests as the program's lane has under way at this rate. */
export const CONCURRENCY = limitsAt(MESSAGES_PER_SEC).slots

const TIMEOUT_MS = 600_000

/** What one run of the program was seen to do. */
export interface CampaignRun {
  /** Messages per second as the sink saw them arrive. */
  readonly perSec: number
  /** CPU of the whole process for one message. */
  readonly cpuUs: number
  readonly peakRssMb: number
}

/** A café with a campaign message planned for each customer. */
export const openCampaignCafe = (sinkPort: number, deliveries: number): Promise<Cafe> =>
  openCafe({
    customers: deliveries,
    campaignFrom: 0,
    settings: {
      TELEGRAM_API_ROOT: `http://127.0.0.1:${sinkPort}`,
      TELEGRAM_MESSAGES_PER_SEC: String(MESSAGES_PER_SEC),
    },
  })

/** Starts the program on the café and waits until all messages have come to the sink. */
export const runCampaign = async (sink: Helper<TelegramSink>, cafe: Cafe, deliveries: number): Promise<CampaignRun> => {
  await sink.ask('reset', false)
  const program = await startProgram(cafe.settings)
  const cpuBeforeMs = program.usage().cpuMs
  const perSec = await rateOf(sink, deliveries)
  const { cpuMs, peakRssMb } = program.usage()
  await program.stop()
  return { perSec, cpuUs: ((cpuMs - cpuBeforeMs) * 1_000) / deliveries, peakRssMb }
}

/** Waits until `count` messages have come: exactly, or something was sent twice. */
export const rateOf = async (sink: Helper<TelegramSink>, count: number): Promise<number> => {
  const tally = await waitFor(
    `${count} messages`,
    async () => {
      const now = await sink.ask('tally')
      return now.count >= count ? now : undefined
    },
    { timeoutMs: TIMEOUT_MS },
  )
  if (tally.count !== count) throw new Error(`${tally.count} messages came instead of ${count}`)
  return ((count - 1) / (tally.lastMs - tally.firstMs)) * 1_000
}
