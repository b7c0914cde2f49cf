import { startHelper } from '../rig/helper.js'
import { atMost, type Line } from '../rig/report.js'
import type { TelegramSink } from '../rig/telegram-sink.js'
import { openCampaignCafe, runCampaign } from './campaign-run.js'

const FEW = 100_000
const MANY = 500_000

/** The program's memory at its peak does not depend on how many messages a campaign has. */
export const benchMemory = async (): Promise<Line[]> => {
  const sink = startHelper<TelegramSink>(new URL('../rig/telegram-sink.js', import.meta.url))
  try {
    const sinkPort = await sink.ask('listen')
    const peakMbOf = async (deliveries: number): Promise<number> => {
      const cafe = await openCampaignCafe(sinkPort, deliveries)
      try {
        return (await runCampaign(sink, cafe, deliveries)).peakRssMb
      } finally {
        await cafe.remove()
      }
    }
    const few = await peakMbOf(FEW)
    const many = await peakMbOf(MANY)
    return [
      { name: 'peak_few_mb', what: `peak memory with ${FEW} deliveries`, value: few, unit: 'MB' },
      {
        name: 'peak_many_mb',
        what: `peak memory with ${MANY} deliveries`,
        value: many,
        unit: 'MB',
        target: atMost(200),
      },
      { name: 'growth', what: 'of the one', value: many / few, unit: '×', target: atMost(1.15), isRatio: true },
    ]
  } finally {
    await sink.stop()
  }
}
