/** What the setup page and the server say to each other. Types only, because the page is compiled against these. */

/** `GET setup/state`: what the page shows, as it is now. Times are Unix ms. */
export interface SetupState {
  readonly telegram: TelegramState
  readonly web: WebState
  readonly webhook: WebhookState
  readonly events: EventsState
  readonly staffChats: number
  /** Of the test voucher that the page asked about. */
  readonly test: TestState | null
}

/** How a lane's sending is. `unowned`: no worker has it. */
export type LaneState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'paused'; readonly until: number }
  | { readonly kind: 'down'; readonly reason: string }
  | { readonly kind: 'unowned' }

export type TelegramState =
  | { readonly kind: 'off' }
  /** Telegram has not answered since the start. */
  | { readonly kind: 'unreached' }
  | { readonly kind: 'on'; readonly username: string; readonly mode: 'polling' | 'webhook'; readonly lane: LaneState }

export interface WebState {
  readonly lane: LaneState
  /** The sites that may show it on their pages. */
  readonly allowedOrigins: readonly string[]
  /** What such a page takes in to show it. */
  readonly scriptTag: string
}

export interface WebhookState {
  readonly url: string
  readonly publicUrl: string | null
}

export interface EventsState {
  /** Without those of the demo's people. */
  readonly last: { readonly name: string; readonly state: EventOutcome; readonly at: number } | null
  readonly waiting: number
  /** Those that wait for a person. */
  readonly dead: number
}

export type EventOutcome = 'pending' | 'applied' | 'ignored' | 'dead' | 'invalid' | 'unrecognised'

export interface TestState {
  readonly state: 'pending' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'skipped' | 'cancelled' | 'unknown'
  readonly reason: string | null
}

/** Answer of `POST setup/staff-links`: one token, which the first chat that opens it uses up. */
export interface StaffLinks {
  readonly expiresAt: number
  readonly web: LinkWithCode
  readonly telegram: LinkWithCode | null
}

export interface LinkWithCode {
  readonly url: string
  /** An SVG document; null where the address works on this machine only, so that no phone could open it. */
  readonly qr: string | null
}

/** Answer of `POST setup/test-vouchers`. */
export interface PlannedTest {
  readonly deliveryId: string
}
