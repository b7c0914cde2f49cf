import { isGivenBack } from './given-back.js'
import type { DrawRow, RewardRow, StampRow } from './own-tables.js'
import type { Happened } from './own-voucher.js'

type Rows<Row> = ReadonlyMap<string, Row>

/** The history of our own cards after an event: stamps, what they earned, and lotteries played. */

export const stampsAfter = (stamps: Rows<StampRow>, event: Happened): Rows<StampRow> => {
  const { payload, occurredAt } = event
  if (payload.event === 'card_issued' && isGivenBack(event))
    return withoutStampsOf(payload.card?.id, stamps, occurredAt)
  if (payload.event !== 'stamp_added') return stamps
  if (payload.undoes !== undefined) {
    const undone = stamps.get(payload.undoes)
    return undone ? new Map(stamps).set(undone.id, { ...undone, undoneAt: occurredAt }) : stamps
  }
  const row = newStamp(event)
  return row ? new Map(stamps).set(row.id, row) : stamps
}

/** 7stamp counts from then on, and does not know them. */
const withoutStampsOf = (cardId: string | undefined, stamps: Rows<StampRow>, undoneAt: number): Rows<StampRow> =>
  new Map(
    [...stamps].map(([id, row]) => [id, row.cardId === cardId && row.undoneAt === null ? { ...row, undoneAt } : row]),
  )

const newStamp = ({ businessId, customerId, occurredAt, payload }: Happened): StampRow | null => {
  if (payload.event !== 'stamp_added' || !payload.stamp?.id || !payload.card?.id) return null
  const { stamp } = payload
  return {
    id: payload.stamp.id,
    businessId,
    customerId,
    cardId: payload.card.id,
    count: stamp?.count ?? 0,
    amount: stamp?.amount ?? null,
    carriedChange: stamp?.carried_change ?? 0,
    currency: stamp?.currency ?? null,
    receiptId: stamp?.receipt_id ?? null,
    source: stamp?.source ?? 'api',
    staffId: stamp?.staff_id ?? null,
    locationId: payload.location_id ?? null,
    at: occurredAt,
    undoneAt: null,
  }
}

/** A goal is reached as long as the card has so many stamps: with fewer, what it earned is taken back. */
export const rewardsAfter = (rewards: Rows<RewardRow>, draws: Rows<DrawRow>, event: Happened): Rows<RewardRow> => {
  const { payload, occurredAt } = event
  if (payload.event === 'card_issued' && isGivenBack(event))
    return finalRewardsOf(payload.card?.id, rewards, draws, occurredAt)
  if (payload.event === 'reward_issued') {
    const row = newReward(event)
    return row ? new Map(rewards).set(row.id, row) : rewards
  }
  if (payload.event !== 'stamp_added' || payload.undoes === undefined) return rewards
  const left = payload.card?.stamps_total ?? 0
  const lost = [...rewards.values()].filter(
    (row) => row.cardId === payload.card?.id && isOpen(row) && row.stampsTotal > left,
  )
  if (lost.length === 0) return rewards
  return new Map([...rewards, ...lost.map((row) => [row.id, { ...row, takenBackAt: occurredAt }] as const)])
}

/** An undo of what it was earned by would still take it back. */
const isOpen = ({ takenBackAt, finalAt }: RewardRow): boolean => takenBackAt === null && finalAt === null

/** What the card has earned stays, but for a lottery that nobody has played: its rules go with the card. */
const finalRewardsOf = (
  cardId: string | undefined,
  rewards: Rows<RewardRow>,
  draws: Rows<DrawRow>,
  at: number,
): Rows<RewardRow> =>
  new Map(
    [...rewards].map(([id, row]) => {
      if (row.cardId !== cardId || !isOpen(row)) return [id, row]
      const isUnplayed = row.type === 'lottery' && !draws.has(id)
      return [id, { ...row, ...(isUnplayed ? { takenBackAt: at } : { finalAt: at }) }]
    }),
  )

const newReward = ({ businessId, customerId, occurredAt, payload }: Happened): RewardRow | null => {
  if (payload.event !== 'reward_issued') return null
  const { card, reward, voucher } = payload
  if (!card?.id || !reward?.id || !reward.stamp_id || !reward.type) return null
  return {
    id: reward.id,
    businessId,
    customerId,
    cardId: card.id,
    stampId: reward.stamp_id,
    goalIndex: card.goal_index ?? 0,
    stampsTotal: reward.stamps_total ?? 0,
    type: reward.type,
    title: reward.title ?? '',
    voucherId: voucher?.id ?? null,
    at: occurredAt,
    takenBackAt: null,
    finalAt: null,
  }
}

/** By reward: one is played once. */
export const drawsAfter = (draws: Rows<DrawRow>, event: Happened): Rows<DrawRow> => {
  const row = newDraw(event)
  return row ? new Map(draws).set(row.rewardId, row) : draws
}

const newDraw = ({ businessId, customerId, occurredAt, payload }: Happened): DrawRow | null => {
  if (payload.event !== 'lottery_played' || !payload.card?.id || !payload.lottery) return null
  const { id, reward_id, template_id, template_version, random, seed, variant_index, result, voucher_id } =
    payload.lottery
  if (!id || !reward_id || !template_id || !random || !seed || !isResult(result)) return null
  return {
    rewardId: reward_id,
    id,
    businessId,
    customerId,
    cardId: payload.card.id,
    templateId: template_id,
    templateVersion: template_version ?? 1,
    random,
    seed,
    variantIndex: variant_index ?? 0,
    result,
    voucherId: voucher_id ?? null,
    at: occurredAt,
  }
}

const RESULTS: readonly DrawRow['result'][] = ['award', 'voucher', 'try_again', 'no_prize']
const isResult = (result: string | undefined): result is DrawRow['result'] => RESULTS.some((known) => known === result)
