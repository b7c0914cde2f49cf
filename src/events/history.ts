import type { Database } from '../db/database.js'
import type { EventName, LoyaltyEvent } from './glossary.js'
import type { Journal } from './journal.js'
import { readWebhook } from './webhook.js'

/** What a customer sees of the past; the other events say nothing that they would look for there. */
const TOLD = [
  'card_issued',
  'stamp_added',
  'goal_reached',
  'reward_issued',
  'voucher_issued',
  'voucher_redeemed',
  'voucher_expired',
  'lottery_played',
] as const satisfies readonly EventName[]

export interface HistoryLine {
  /** Unix ms */
  readonly at: number
  readonly event: (typeof TOLD)[number]
  /** How many stamps, where the event said so. */
  readonly count: number | null
  /** The voucher's or reward's. */
  readonly title: string | null
}

/** A customer's last events, newest first. What was erased is not in it. */
export const listHistory = async (
  db: Database,
  journal: Journal,
  customerId: string,
  limit: number,
): Promise<readonly HistoryLine[]> => {
  const rows = await db.read(journal.ofCustomer({ customerId, names: JSON.stringify(TOLD), limit }))
  return rows.flatMap(({ body, occurredAt, receivedAt }) => {
    const { content } = readWebhook(body, undefined, receivedAt)
    return content.kind === 'event' ? lineOf(content.event, occurredAt) : []
  })
}

const lineOf = (payload: LoyaltyEvent, at: number): HistoryLine[] => {
  const event = TOLD.find((name) => name === payload.event)
  return event ? [{ at, event, count: countIn(payload), title: titleIn(payload) }] : []
}

const countIn = (payload: LoyaltyEvent): number | null =>
  payload.event === 'stamp_added' ? (payload.stamp?.count ?? null) : null

const titleIn = (payload: LoyaltyEvent): string | null => {
  if (payload.event === 'lottery_played') return payload.lottery?.variant ?? null
  const reward = 'reward' in payload ? payload.reward?.title : undefined
  const voucher = 'voucher' in payload ? payload.voucher?.title : undefined
  return reward ?? voucher ?? null
}
