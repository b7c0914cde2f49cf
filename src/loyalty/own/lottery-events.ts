import { derivedId } from '../../ids.js'
import type { RuledCard } from './card-events.js'
import type { Variant } from './card-rules.js'
import type { Drawn } from './lottery-draw.js'
import { type Cause, type OwnEvent, ownEvent } from './own-event.js'
import { ownEventId } from './own-ids.js'
import type { RewardRow } from './own-tables.js'

export interface PlayedLottery extends Drawn {
  readonly random: string
  readonly variant: Variant
  readonly voucherId: string | null
}

/** A lottery that was played, with all that is needed to compute its result again. */
export const lotteryPlayed = (cause: Cause, card: RuledCard, reward: RewardRow, played: PlayedLottery): OwnEvent => {
  const { seed, random, variantIndex, variant, voucherId } = played
  return ownEvent(cause, ownEventId('lottery_played', reward.id), 'lottery_played', {
    card: { id: card.id, goal_index: reward.goalIndex },
    lottery: {
      id: derivedId('draw', reward.id),
      reward_id: reward.id,
      template_id: card.templateId,
      template_version: card.templateVersion,
      random,
      seed,
      variant_index: variantIndex,
      result: variant.kind,
      variant: variant.title,
      greeting: variant.greeting,
      voucher_id: voucherId,
    },
  })
}
