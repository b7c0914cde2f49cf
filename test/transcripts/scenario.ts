import type { EventName } from '../../src/events/glossary.js'

export type Language = 'en' | 'uk' | 'ko'

/** What a person says, in each language that the scenario is played in. */
export type Said = string | Readonly<Partial<Record<Language, string>>>

/** Somebody with a chat of their own, and perhaps a card. */
export interface Person {
  /** Of their phone or browser; the scenario's own unless given. */
  readonly speaks?: Language
  /** What 7stamp knows of them. */
  readonly customer?: { readonly id: string; readonly name?: Said; readonly phone?: string }
  /** The chat of several people, which only Telegram has. */
  readonly isGroup?: true
}

/**
 * What a link opens: somebody's card, a staff chat, the counter's shared device, the same thing that everybody finds on the
 * counter, or the QR that a customer shows to the staff.
 */
export type Link = { readonly card: string } | 'staff' | 'device' | 'counter' | 'shown' | 'forged'

export type Step =
  | { readonly kind: 'says'; readonly who: string; readonly text: Said }
  /** A button by the key of its label, or the words on it. Without a button of that name: the menu's entry. */
  | { readonly kind: 'presses'; readonly who: string; readonly key: string }
  | { readonly kind: 'presses_named'; readonly who: string; readonly label: Said }
  /** `again`: the link that was opened last, which is used up by now. `afterMinutes`: since it was made. */
  | { readonly kind: 'opens'; readonly who: string; readonly link: Link | 'again'; readonly afterMinutes?: number }
  | { readonly kind: 'types_code'; readonly who: string; readonly isWrong?: true }
  | { readonly kind: 'passes'; readonly minutes: number }
  /** What 7stamp posts about somebody, one after the other, at one moment. */
  | { readonly kind: 'happens'; readonly about: string; readonly events: readonly Happening[] }
  /** The business gives somebody a voucher of its own. */
  | { readonly kind: 'is_given'; readonly who: string; readonly voucher: OwnVoucher }
  /** The business gives somebody a stamp card of its own. */
  | { readonly kind: 'is_given_card'; readonly who: string; readonly card: OwnCard }
  | { readonly kind: 'types_number'; readonly who: string }
  /** The business offers cards of its own to whoever asks. */
  | { readonly kind: 'offers_cards'; readonly card: OwnCard }
  /** A cashier with a PIN joins the team. */
  | { readonly kind: 'is_hired'; readonly name: string; readonly pin: string }
  | OnTelegram

/** A voucher of the business's own, which its staff redeem in the chat. */
export interface OwnVoucher {
  readonly title: Said
  readonly redeemCode?: string
  /** Valid so long; for ever unless given. */
  readonly days?: number
}

/** A card of the business's own; each goal is a reward in words. */
export interface OwnCard {
  readonly title: Said
  readonly goals: readonly { readonly stamps: number; readonly reward: Said }[]
}

/** What only Telegram has. */
export type OnTelegram =
  | { readonly kind: 'shares_phone'; readonly who: string; readonly phone: string; readonly own: boolean }
  | { readonly kind: 'sends_sticker'; readonly who: string }
  | { readonly kind: 'blocks'; readonly who: string }
  | { readonly kind: 'unblocks'; readonly who: string }
  /** Answers the last message of the bot that has this button, with the messenger's own function. */
  | { readonly kind: 'replies'; readonly who: string; readonly key: string; readonly text: Said }

export interface Happening {
  readonly event: EventName
  readonly more?: object
}

export interface Scenario {
  /** Two digits and words with hyphens: the approved file's name. */
  readonly name: string
  /** The first line of the transcript. */
  readonly about: string
  readonly languages: readonly Language[]
  readonly people: Readonly<Record<string, Person>>
  /** Of the business, beside its name. */
  readonly env?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

const ON_TELEGRAM: readonly Step['kind'][] = ['shares_phone', 'sends_sticker', 'blocks', 'unblocks', 'replies']

/** A scenario with something that a web chat does not have is played on Telegram alone, and its transcript says so. */
export const isTelegramOnly = ({ steps, people }: Scenario): boolean =>
  steps.some(({ kind }) => ON_TELEGRAM.includes(kind)) || Object.values(people).some(({ isGroup }) => isGroup)

export const says = (who: string, text: Said): Step => ({ kind: 'says', who, text })
export const presses = (who: string, key: string): Step => ({ kind: 'presses', who, key })
export const pressesNamed = (who: string, label: Said): Step => ({ kind: 'presses_named', who, label })
export const opens = (who: string, link: Link | 'again'): Step => ({ kind: 'opens', who, link })
export const opensLate = (who: string, link: Link, afterMinutes: number): Step => ({
  kind: 'opens',
  who,
  link,
  afterMinutes,
})
export const starts = (who: string): Step => says(who, '/start')
export const typesCode = (who: string): Step => ({ kind: 'types_code', who })
export const typesWrongCode = (who: string): Step => ({ kind: 'types_code', who, isWrong: true })
/** The number of the voucher or card that was given last. */
export const typesNumber = (who: string): Step => ({ kind: 'types_number', who })
export const isGiven = (who: string, voucher: OwnVoucher): Step => ({ kind: 'is_given', who, voucher })
export const isGivenCard = (who: string, card: OwnCard): Step => ({ kind: 'is_given_card', who, card })
export const offersCards = (card: OwnCard): Step => ({ kind: 'offers_cards', card })
export const isHired = (name: string, pin: string): Step => ({ kind: 'is_hired', name, pin })
export const passes = (minutes: number): Step => ({ kind: 'passes', minutes })
export const happens = (about: string, ...events: readonly Happening[]): Step => ({ kind: 'happens', about, events })
export const sharesPhone = (who: string, phone: string): Step => ({ kind: 'shares_phone', who, phone, own: true })
export const sharesContact = (who: string, phone: string): Step => ({ kind: 'shares_phone', who, phone, own: false })
export const sendsSticker = (who: string): Step => ({ kind: 'sends_sticker', who })
export const blocks = (who: string): Step => ({ kind: 'blocks', who })
export const unblocks = (who: string): Step => ({ kind: 'unblocks', who })
export const replies = (who: string, key: string, text: Said): Step => ({ kind: 'replies', who, key, text })
