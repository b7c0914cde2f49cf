/** The port behind which every messenger stands. One contract suite (test/contracts/messenger.ts) runs on all of them. */

export type MessengerName = 'telegram' | 'whatsapp' | 'viber' | 'web'

/** A message in the reader's language, ready to be shown. Plain text; the adapter escapes what its messenger needs. */
export interface OutgoingMessage {
  /** The delivery's id: the idempotency key where the provider takes one. */
  readonly id: string
  readonly text: string
  readonly picture?: OutgoingPicture
  readonly buttons?: readonly (readonly Button[])[]
  readonly silent?: boolean
  /** The standing menu's labels, row by row, in the reader's language; each label is an input the conversation knows. */
  readonly menu?: readonly (readonly string[])[]
  /** The label of the button that shares the person's own phone number. */
  readonly phoneButton?: string
}

/** A picture is named by its content, so that a messenger uploads it once. `png` renders it when it is needed. */
export interface OutgoingPicture {
  readonly id: string
  readonly altText: string
  png(): Promise<Buffer>
}

export type Button =
  | { readonly kind: 'action'; readonly label: string; readonly action: string }
  | { readonly kind: 'copy'; readonly label: string; readonly text: string }
  | { readonly kind: 'url'; readonly label: string; readonly url: string }

/**
 * What became of one request to the provider. The adapter translates its vendor's errors into this, once:
 * - `not_sent`: certainly not delivered (refused connection, 429, a 5xx in the provider's own words): safe to try again.
 *   `pauseLaneMs` closes the whole lane, as Telegram's `retry_after` asks; `isAway` says that the provider could not even
 *   be reached, so that nothing else would get through now either.
 * - `unreachable`: this person cannot be reached here (blocked, deactivated, unknown chat).
 * - `rejected`: the provider refuses this message for good; another try would be refused too.
 * - `lane_down`: the sender's identity is refused (revoked token): nothing will go through until it is mended.
 * - `unknown`: bytes were written and no clear answer came; it may have been delivered.
 */
export type SendResult =
  | { readonly status: 'sent'; readonly messageId: string }
  | {
      readonly status: 'not_sent'
      readonly reason: string
      readonly retryAfterMs?: number
      readonly pauseLaneMs?: number
      readonly isAway?: true
    }
  | { readonly status: 'unreachable'; readonly reason: string; readonly movedTo?: string }
  | { readonly status: 'rejected'; readonly reason: string }
  | { readonly status: 'lane_down'; readonly reason: string }
  | { readonly status: 'unknown'; readonly reason: string }

/** What a provider allows one sender identity. Bulk = event messages and broadcasts; answers obey only the first pair. */
export interface LaneLimits {
  readonly allPerSec: number
  readonly allBurst: number
  readonly bulkPerSec: number
  /** Least time between two bulk messages to one chat. */
  readonly perChatMs: number
  /** Requests in flight at once. */
  readonly slots: number
}

/** What a person did in a chat, the same for all messengers. */
export type Input =
  /** Opened the chat; `payload` is what the deep link carried. */
  | { readonly kind: 'start'; readonly payload: string | null }
  /** `repliesTo`: what the buttons carry below the message that this one answers by the messenger's own function. */
  | { readonly kind: 'text'; readonly text: string; readonly repliesTo?: readonly string[] }
  /** Pressed a button or gave a command; `action` is what the button carried (`card`, `vouchers:2`, …). */
  | { readonly kind: 'action'; readonly action: string }
  /** Shared a phone number; `own` only if the messenger vouches that it is the sender's. */
  | { readonly kind: 'contact'; readonly phone: string; readonly own: boolean }
  /** Something this bot cannot read: a sticker, a voice message. */
  | { readonly kind: 'other' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unblocked' }

/** A person by the messenger's own id. */
export interface Speaker {
  readonly id: string
  readonly name: string | null
}

/** One update of a messenger, parsed. Null where a messenger does not say. */
export interface Incoming {
  /** The chat's address on this messenger. */
  readonly address: string
  readonly isPrivate: boolean
  readonly languageHint: string | null
  readonly input: Input
  /** Where the messenger tells who of a group it was. */
  readonly speaker?: Speaker
  /** Names what somebody wrote, where the messenger can take that away again. */
  readonly messageId?: string
  /** Of a pressed button: what the messenger wants acknowledged so that the button stops spinning. */
  readonly acknowledge?: string
}

export interface Messenger {
  readonly name: MessengerName
  readonly limits: LaneLimits
  /** True where a second `send` of the same message id is not shown twice, so that `unknown` may simply be sent again. */
  readonly idempotent: boolean
  /** Sends one message. Never throws for what the provider answered; aborting `signal` gives `unknown` or `not_sent`. */
  send(address: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>
  /** Replaces a sent message's text, caption and buttons. "Not modified" is success. */
  edit(address: string, messageId: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>
  /** Parses one stored update; null for one that concerns nobody. Throws AppError('invalid_input') for nonsense. */
  readUpdate(body: unknown): Incoming | null
  /** Takes away what somebody wrote, so that nobody else reads it there. Rejects where that cannot be done. */
  remove?(address: string, messageId: string): Promise<void>
  /** Ends a button's spinner and the like; best effort. */
  acknowledge?(token: string): Promise<void>
}
