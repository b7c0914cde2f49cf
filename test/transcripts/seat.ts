/** A message as somebody's messenger shows it. */
export interface Seen {
  /** `edit`: it stands where an older one stood. */
  readonly kind: 'message' | 'edit'
  /** What the program's ledger calls the message. */
  readonly messageId: string
  readonly text: string
  readonly png: Buffer | null
  readonly buttons: readonly (readonly SeenButton[])[]
  /** The entries of the standing menu that came with it; null if it came without. */
  readonly menu: readonly string[] | null
  /** The label of the button that shares the phone number. */
  readonly phoneButton: string | null
  readonly isSilent: boolean
}

export interface SeenButton {
  readonly label: string
  /** What pressing it does besides being an input: copies a text, opens an address. */
  readonly does: string | null
}

/** Somebody's place before one chat with the bot, on one messenger. */
export interface Seat {
  says(text: string): Promise<void>
  /** Presses a button under the newest message that has one of this label; false if none has. */
  presses(label: string): Promise<boolean>
  starts(payload: string): Promise<void>
  /** All that the program has sent is there, oldest first: new messages, then edits of older ones. */
  takeNew(): Promise<readonly Seen[]>
}

/** What only Telegram's seats can do besides. */
export interface TelegramSeat extends Seat {
  sharesPhone(phone: string, own: boolean): void
  sendsSticker(): void
  blocks(): void
  unblocks(): void
  /** Answers the newest message that has a button of this label. */
  replies(label: string, text: string): void
}

export interface Seats<Place extends Seat = Seat> {
  seat(name: string, language: string, isGroup: boolean): Promise<Place>
  /** Everything that people did has been stored by the program. */
  heard(): Promise<void>
  close(): Promise<void>
}
