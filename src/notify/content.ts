/**
 * What a message says, before it has a language and a messenger. Plans, answers and stored deliveries carry content; the
 * wording makes text of it when the message is sent, in the language the reader has then.
 */
export interface MessageContent {
  /** The message line by line. */
  readonly phrases: readonly (Phrase | OwnWords)[]
  readonly picture?: PictureOf
  /** Rows of buttons under the message. Never beside `menu` or `asksForPhone`: Telegram shows one keyboard a message. */
  readonly buttons?: readonly (readonly ContentButton[])[]
  /** Arrives without sound where the messenger can do that. */
  readonly silent?: boolean
  /** Shows the standing menu (my card, my vouchers, …) where the messenger has one. */
  readonly menu?: boolean
  /** Asks for the person's phone number with the messenger's own button. */
  readonly asksForPhone?: boolean
}

/** A key of `locales/<language>/chat.json` and its variables. A numeric `count` picks the plural form. */
export interface Phrase {
  readonly key: string
  readonly params?: Readonly<Record<string, PhraseParam>>
  /** The business's own words instead, by language, with the same variables; said where each of these has a value. */
  readonly texts?: Readonly<Record<string, string>>
}

/** Words that the business wrote itself (a campaign's text, a lottery's greeting, an address): shown as they are. */
export interface OwnWords {
  readonly text: string
}

/**
 * A date is formatted for the reader's language in the business's time zone when the phrase becomes text. A phrase in a
 * phrase is worded in the same language. Strings are data: line breaks, control characters and all beyond 120 characters
 * are taken out, and nothing in them is ever read as a variable.
 */
export type PhraseParam = string | number | DateParam | Phrase

export interface DateParam {
  /** Unix ms */
  readonly date: number
  /** IANA name */
  readonly timeZone: string
  readonly withTime?: boolean
}

export type PictureOf =
  | { readonly kind: 'card'; readonly cardId: string }
  | { readonly kind: 'voucher'; readonly voucherId: string }
  /** A voucher as staff are to find it: by the QR, which says `link`, or by typing `code`. */
  | { readonly kind: 'showing'; readonly voucherId: string; readonly code: string; readonly link: string | null }
  /** A voucher that nobody has: shows staff what customers get. */
  | { readonly kind: 'sample' }

/** `label` is a phrase key. An action comes back as an input of the conversation; a copy button copies `text`. */
export type ContentButton =
  | { readonly kind: 'action'; readonly label: string; readonly params?: Phrase['params']; readonly action: string }
  | { readonly kind: 'copy'; readonly label: string; readonly text: string }
  | { readonly kind: 'url'; readonly label: string; readonly url: string }
