import type { Tenant } from '../../src/deliveries/lane-keeper.js'
import { LanePump, type LanePumpOptions } from '../../src/deliveries/lane-pump.js'
import { describeError } from '../../src/errors.js'
import { type Answered, type AnswerOptions, answerUpdate } from './answer-update.js'
import { UpdatePump } from './update-pump.js'

export interface LaneTenantOptions {
  readonly pump: LanePumpOptions
  readonly answers: Omit<AnswerOptions, 'business'>
  /** What the business is called now: another process may rename it while the lane is held. */
  business(): Promise<AnswerOptions['business']>
  /** Fetches updates while the lane is held, where the messenger does not deliver them by itself. Ends when aborted. */
  readonly poll?: ((signal: AbortSignal) => Promise<void>) | undefined
}

/** Everything that runs in the owner of a messenger's lane: fetching updates, answering them, and sending. */
export const openLaneTenant = ({ pump: pumpOptions, answers, business, poll }: LaneTenantOptions): Tenant => {
  const { holding, log } = pumpOptions
  const stopping = new AbortController()
  const takeAway = async ({ address, messageId }: NonNullable<Answered['remove']>): Promise<void> => {
    try {
      await answers.messenger.remove?.(address, messageId)
    } catch (error) {
      // In a group it takes a right that a bot may not have; the text has said what the person can do.
      log.warn({ lane: answers.laneId, error: describeError(error) }, 'message.not_removed')
    }
  }
  const pump = new LanePump(pumpOptions).start()
  const updates = new UpdatePump({
    ...answers,
    signals: pumpOptions.signals,
    log,
    holding,
    answer: (update) =>
      pump.answer(async () => {
        const answered = await answerUpdate({ ...answers, business: await business() }, update, holding.fence)
        if (answered.acknowledge !== null) void answers.messenger.acknowledge?.(answered.acknowledge)
        const { remove } = answered
        if (remove !== null) void takeAway(remove)
        return answered.answers
      }),
  }).start()
  const polling = poll?.(AbortSignal.any([stopping.signal, holding.lost])) ?? Promise.resolve()
  return {
    stop: async () => {
      stopping.abort()
      pump.windDown()
      await polling
      await updates.stop()
      await pump.stop()
    },
  }
}
