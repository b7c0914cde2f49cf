import type { Hears } from '../../src/notify/hears.js'
import type { Choice } from './confirm.js'
import type { StaffChatWish } from './staff/staff-chats.js'
import type { StampWish } from './staff/stamping.js'
import type { TillCard } from './till-code.js'

/** What somebody wants, whichever way they said it: a button, a command, a menu's label or a word. */
export type Intent =
  | { readonly kind: 'start' }
  /** A start that carries something: null if that cannot be a token of ours. */
  | { readonly kind: 'link'; readonly token: string | null }
  /** A start by the link on the counter. */
  | { readonly kind: 'join' }
  /** Wants to see one's card in this chat. */
  | { readonly kind: 'connect' }
  | { readonly kind: 'get_card'; readonly confirmed: boolean | null }
  | { readonly kind: 'contact'; readonly phone: string; readonly own: boolean }
  | { readonly kind: 'menu' }
  | { readonly kind: 'card'; readonly cardId: string | null }
  | { readonly kind: 'vouchers'; readonly page: number }
  | { readonly kind: 'voucher'; readonly voucherId: string }
  | { readonly kind: 'show'; readonly voucherId: string }
  | { readonly kind: 'not_you' }
  | { readonly kind: 'not_me'; readonly chatId: string | null }
  | { readonly kind: 'only_here' }
  | { readonly kind: 'history' }
  | { readonly kind: 'language'; readonly tag: string | null }
  | { readonly kind: 'notifications'; readonly hears: Hears | null }
  | { readonly kind: 'till' }
  /** What a cashier does in a staff chat; the code that a button was shown for, null for a typed number. */
  | { readonly kind: 'till_code'; readonly code: string }
  | { readonly kind: 'till_card'; readonly card: TillCard; readonly code: string | null }
  | { readonly kind: 'message_team' }
  /** What somebody wants the team to read; null if that was no text. */
  | { readonly kind: 'tell_team'; readonly text: string | null }
  | { readonly kind: 'keep_to_oneself' }
  | { readonly kind: 'open_reply'; readonly questionId: string }
  /** What a team replies. `isPointed`: by answering a message about the question, so there is no doubt who means what. */
  | { readonly kind: 'reply'; readonly questionId: string; readonly text: string | null; readonly isPointed: boolean }
  | { readonly kind: 'drop_reply' }
  /** Staff scanned what a customer shows: null if that cannot be a token of ours. */
  | { readonly kind: 'scanned'; readonly token: string | null }
  /** A text that is nothing else. Staff may mean a voucher or a card by it. */
  | { readonly kind: 'voucher_code'; readonly code: string }
  | { readonly kind: 'redeem'; readonly voucherId: string; readonly choice: Choice | null }
  | ({ readonly kind: 'stamp' } & StampWish)
  | { readonly kind: 'undo_stamps'; readonly stampId: string }
  /** Typed on a shared device that asked for it. */
  | { readonly kind: 'pin'; readonly pin: string }
  | { readonly kind: 'lock' }
  | { readonly kind: 'staff_chats'; readonly wish: StaffChatWish | null }
  | { readonly kind: 'consent'; readonly answer: ConsentAnswer | null }
  | { readonly kind: 'stop' }
  | { readonly kind: 'help' }
  | { readonly kind: 'privacy' }
  | { readonly kind: 'unlink'; readonly confirmed: boolean | null }
  | { readonly kind: 'delete_data'; readonly confirmed: boolean | null }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'unknown' }

/** The button carries which text was read and in which language, so the proof is right however late it is pressed. */
export interface ConsentAnswer {
  readonly granted: boolean
  readonly textVersion: string
  readonly language: string
}
