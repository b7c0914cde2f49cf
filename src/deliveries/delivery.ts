import { uuidV5 } from '../ids.js'
import type { Channel, ConsentClass } from '../notify/consent-tables.js'

/** Why something leaves. An answer is what somebody just asked for in the chat; a test is in no report. */
export const PURPOSES = ['event', 'message', 'receipt', 'alert', 'answer', 'edit', 'test'] as const
export type Purpose = (typeof PURPOSES)[number]

/** A customer hears wherever they read now; a chat (a guest's, a staff chat) is spoken to right there. */
export type RecipientKind = 'customer' | 'chat' | 'subscription'

/**
 * `pending → sending → sent → delivered → read`, or an end: failed, skipped, cancelled, unknown. `sending` is committed
 * before the first byte leaves, so whatever dies in it is `unknown`. What a lane's owner has claimed is `pending` still: the
 * lease of the lane is the claim, and whoever takes the lane takes what is pending with it.
 */
export type DeliveryState =
  | 'pending'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'unknown'

/** Answers first, then what an event tells one person, then what is told to many. */
export const PRIORITY = { answer: 0, event: 1, broadcast: 2 } as const

/** The only unique key of a delivery: the same cause never tells the same recipient twice on one channel. */
export const deliveryId = (purpose: Purpose, source: string, recipientId: string, channel: Channel): string =>
  uuidV5('delivery', purpose, source, recipientId, channel)

const NEXT: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  pending: ['sending', 'skipped', 'cancelled', 'failed'],
  sending: ['sent', 'pending', 'failed', 'skipped', 'unknown', 'delivered', 'read'],
  sent: ['delivered', 'read', 'failed'],
  delivered: ['read'],
  read: [],
  // A late result or receipt tells what became of it; a business may choose to send it again.
  unknown: ['sent', 'delivered', 'read', 'failed', 'pending'],
  failed: ['pending'],
  skipped: ['pending'],
  cancelled: [],
}

/** Whether a delivery may go from one state to another; a status rank only rises. */
export const canMove = (from: DeliveryState, to: DeliveryState): boolean => NEXT[from].includes(to)

/** The states from which `to` can be reached, for the `where` of a write. */
export const statesBefore = (to: DeliveryState): DeliveryState[] =>
  (Object.keys(NEXT) as DeliveryState[]).filter((from) => canMove(from, to))

/** A delivery as the dispatcher holds it. */
export interface Claimed {
  readonly id: string
  readonly businessId: string
  readonly purpose: Purpose
  /** Its cause: an event's id, an update's, a campaign's run. */
  readonly source: string
  readonly recipientKind: RecipientKind
  readonly recipientId: string
  readonly channel: Channel
  readonly class: ConsentClass
  readonly lane: string
  readonly chatId: string
  readonly priority: number
  readonly attempts: number
  readonly editsId: string | null
  readonly voucherId: string | null
  /** How many deliveries it says at once when it is claimed; null for itself alone. */
  readonly carries: number | null
}
