import { z } from 'zod'
import { id, time, timeOf, timeOrNull } from '../../api/fields.js'
import type { RewardRow, StampRow } from '../own/own-tables.js'

export const rewardJson = z
  .strictObject({
    id: id('rwd'),
    type: z.enum(['award', 'voucher', 'lottery']).describe('A lottery waits to be drawn.'),
    title: z.string(),
    goal_index: z.int(),
    stamp_id: id('stamp'),
    voucher_id: id('v').nullable(),
    earned_at: time,
    taken_back_at: time.nullable(),
  })
  .meta({ id: 'Reward' })

export const stampJson = z
  .strictObject({
    id: id('stamp'),
    card_id: id('card'),
    count: z.int(),
    amount: z.int().nullable().describe('In minor units.'),
    currency: z.string().nullable(),
    receipt_id: z.string().nullable(),
    source: z.string(),
    staff_id: z.string().nullable(),
    location_id: z.string().nullable(),
    at: time,
    undone_at: time.nullable(),
  })
  .meta({ id: 'Stamp' })

export const presentReward = (reward: RewardRow): z.input<typeof rewardJson> => ({
  id: reward.id,
  type: reward.type,
  title: reward.title,
  goal_index: reward.goalIndex,
  stamp_id: reward.stampId,
  voucher_id: reward.voucherId,
  earned_at: timeOf(reward.at),
  taken_back_at: timeOrNull(reward.takenBackAt),
})

export const presentStamp = (stamp: StampRow): z.input<typeof stampJson> => ({
  id: stamp.id,
  card_id: stamp.cardId,
  count: stamp.count,
  amount: stamp.amount,
  currency: stamp.currency,
  receipt_id: stamp.receiptId,
  source: stamp.source,
  staff_id: stamp.staffId,
  location_id: stamp.locationId,
  at: timeOf(stamp.at),
  undone_at: timeOrNull(stamp.undoneAt),
})
