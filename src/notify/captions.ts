import type { CardFacts, VoucherFacts } from '../loyalty/transition.js'
import type { ContentButton, OwnWords, Phrase } from './content.js'

/** The facts of a card's picture as lines, for those who read and for those who cannot see the picture. */
export const cardLines = (card: CardFacts): readonly Phrase[] => [
  ...progressLines(card),
  ...rewardLines(card),
  numberLine(card),
]

const progressLines = ({ stamps, stampsGoal }: CardFacts): readonly Phrase[] => {
  if (stamps === null) return []
  if (stampsGoal === null) return [{ key: 'card.stamps', params: { stamps } }]
  return [{ key: 'card.progress', params: { stamps, goal: stampsGoal } }]
}

const rewardLines = (card: CardFacts): readonly Phrase[] => {
  const count = stampsToNextGoal(card)
  const reward = card.nextReward
  if (count === null) return reward === null ? [] : [{ key: 'card.nextReward', params: { reward } }]
  if (reward === null) return [{ key: 'card.toGo', params: { count } }]
  return [{ key: 'card.toGoFor', params: { count, reward } }]
}

const numberLine = ({ number, title }: CardFacts): Phrase =>
  title === null ? { key: 'card.number', params: { number } } : { key: 'card.titledNumber', params: { title, number } }

/** How many stamps are missing; null if no goal is ahead, or nobody knows. */
export const stampsToNextGoal = ({ stamps, stampsGoal, goals }: CardFacts): number | null => {
  if (stamps === null) return null
  const ahead = [...goals, stampsGoal ?? 0].filter((goal) => goal > stamps)
  return ahead.length === 0 ? null : Math.min(...ahead) - stamps
}

/** The facts of a usable voucher's picture as lines, below a first line that names title and business. */
export const voucherLines = (voucher: VoucherFacts, timeZone: string): readonly (Phrase | OwnWords)[] => {
  const { number, expiresAt, description } = voucher
  const code = readableCode(voucher)
  return [
    ...(description === null ? [] : [{ text: firstWords(description) }]),
    ...(expiresAt === null ? [] : [{ key: 'voucher.expires', params: { date: { date: expiresAt, timeZone } } }]),
    ...(code === null ? [] : [{ key: 'voucher.code', params: { code } }]),
    { key: 'voucher.number', params: { number } },
  ]
}

/** A description may be a page long; the caption is read at a glance. */
const LONGEST_DESCRIPTION = 80

const firstWords = (text: string): string => {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  if (line.length <= LONGEST_DESCRIPTION) return line
  const cut = line.slice(0, LONGEST_DESCRIPTION)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), LONGEST_DESCRIPTION / 2)).trimEnd()}…`
}

/** A voucher's title as a variable; a voucher whose title the mirror never heard is "Voucher". */
export const voucherTitle = ({ title }: VoucherFacts): string | Phrase => title ?? { key: 'voucher.untitled' }

/** Telegram copies 1 to 256 characters: https://core.telegram.org/bots/api#copytextbutton */
const LONGEST_COPY = 256

/** A button that copies the redeem code, if the code is one to be read and fits. */
export const copyCodeButtons = (voucher: VoucherFacts): readonly ContentButton[] => {
  const code = readableCode(voucher)
  if (code === null || code.length > LONGEST_COPY) return []
  return [{ kind: 'copy', label: 'buttons.copyCode', text: code }]
}

/** A one-time code for staff, of a voucher that they redeem here; 7stamp's are for its own scanner. */
export const showToStaffButtons = ({ id, master }: VoucherFacts): readonly ContentButton[] =>
  master === 'own' ? [{ kind: 'action', label: 'buttons.showToStaff', action: `show:${id}` }] : []

/** A business that asks for `qr` or `barcode` alone wants the code scanned, not read out. */
const readableCode = ({ redeemCode, formats }: VoucherFacts): string | null => {
  const code = redeemCode?.trim() ?? ''
  return code !== '' && (formats.length === 0 || formats.includes('text')) ? code : null
}
