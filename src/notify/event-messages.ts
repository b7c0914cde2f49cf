import { assertNever } from '../errors.js'
import type { EventOrigin } from '../events/journaled-event.js'
import type { CardFacts, Transition, VoucherFacts } from '../loyalty/transition.js'
import { voucherTitle } from './captions.js'
import type { MessageContent, OwnWords, Phrase, PictureOf } from './content.js'
import { about, inOwnWords, type MessageFacts } from './message-facts.js'
import { shortName } from './short-name.js'
import { contentOfNews, MY_CARD, MY_VOUCHERS, showCard, type VisitNews } from './visit-news.js'

/**
 * A message to be put into the ledger: at most one of each purpose from one transition. An edit replaces what the last
 * message with that picture says.
 */
export type PlannedMessage = {
  readonly audience: 'customer' | 'staff'
  readonly class: 'service' | 'marketing'
  readonly content: MessageContent
} & (
  | { readonly purpose: 'receipt' }
  /** `brief` says it in a message about many such alerts; null for what is always said alone. */
  | { readonly purpose: 'alert'; readonly brief: Phrase | null }
  /** `news` of a visit is said in one message with the visit's other news; it is null for what has nothing to do with one. */
  | { readonly purpose: 'event'; readonly news: VisitNews | null }
  | { readonly purpose: 'edit'; readonly edits: PictureOf }
)

/** All that could be said about a transition; who hears it is another question. */
export const messagesFor = (transition: Transition, facts: MessageFacts): readonly PlannedMessage[] => {
  switch (transition.event) {
    case 'stamp_added':
      // A stamp taken back is no news.
      return transition.added !== null && transition.added < 1 ? [] : [service(transition, facts)]
    case 'goal_reached':
      return [service(transition, facts), goalAlert(transition, facts)]
    case 'reward_issued':
    case 'lottery_played':
      return [service(transition, facts)]
    case 'card_issued':
    case 'card_saved':
    case 'card_opened':
      return [service({ event: transition.event, card: transition.card }, facts)]
    case 'voucher_issued':
      return [service({ event: transition.event, voucher: transition.voucher }, facts)]
    case 'voucher_redeemed':
      return voucherRedeemed(transition.voucher, facts)
    case 'voucher_expired':
      return [editOf('voucher.expired', transition.voucher, facts)]
    case 'birthday_reached':
      return [marketing(inOwnWords(transition.event, birthday(facts), facts))]
    case 'inactivity_trigger':
      return [marketing(inOwnWords(transition.event, missed(transition.card, facts), facts))]
    case 'campaign_sent':
      return campaignSent(transition.origin, transition.text, facts)
    default:
      return assertNever(transition)
  }
}

/**
 * Tells the owner that 7stamp's webhooks have stopped: the time of the last event, and how long the usual gap is.
 * Belongs to no customer, so `facts` needs the business only.
 */
export const sevenstampSilence = (
  lastEventAt: number,
  usualGapMs: number,
  { business }: Pick<MessageFacts, 'business'>,
): PlannedMessage =>
  alert([
    {
      key: 'alerts.silence',
      params: { business: business.name, since: { date: lastEventAt, timeZone: business.timeZone, withTime: true } },
    },
    { key: 'alerts.usualGap', params: { minutes: Math.max(1, Math.round(usualGapMs / 60_000)) } },
  ])

const service = (news: VisitNews, facts: MessageFacts): PlannedMessage => ({
  purpose: 'event',
  audience: 'customer',
  class: 'service',
  content: contentOfNews(news, facts),
  news,
})

/** Every marketing message says how to end them. */
const marketing = (content: MessageContent): PlannedMessage => ({
  purpose: 'event',
  audience: 'customer',
  class: 'marketing',
  news: null,
  content: { ...content, phrases: [...content.phrases, { key: 'marketing.stop' }] },
})

const alert = (phrases: readonly Phrase[], brief: Phrase | null = null): PlannedMessage => ({
  purpose: 'alert',
  brief,
  audience: 'staff',
  class: 'service',
  content: { phrases },
})

const editOf = (key: string, voucher: VoucherFacts, facts: MessageFacts): PlannedMessage => {
  const picture: PictureOf = { kind: 'voucher', voucherId: voucher.id }
  const phrases = [withTitle(key, voucher, facts), { key: 'voucher.number', params: { number: voucher.number } }]
  return { purpose: 'edit', edits: picture, audience: 'customer', class: 'service', content: { phrases, picture } }
}

const withTitle = (key: string, voucher: VoucherFacts, facts: MessageFacts): Phrase =>
  about(key, facts, { title: voucherTitle(voucher), date: { date: facts.at, timeZone: facts.business.timeZone } })

const goalAlert = (goal: { card: CardFacts; reward: string | null }, facts: MessageFacts): PlannedMessage => {
  const { stamps, stampsGoal } = goal.card
  const counted = stamps !== null && stampsGoal !== null
  const params = {
    who: facts.customerName === null ? { key: 'alerts.someone' } : shortName(facts.customerName),
    at: facts.locationName === null ? '' : { key: 'alerts.at', params: { location: facts.locationName } },
    reward: goal.reward === null ? '' : { key: 'alerts.reward', params: { reward: goal.reward } },
  }
  if (!counted) return alert([{ key: 'alerts.goal', params }], { key: 'alerts.latest', params })
  const all = { ...params, stamps: hasBegunAnew(goal.card) ? stampsGoal : stamps, goal: stampsGoal }
  return alert([{ key: 'alerts.goalCounted', params: all }], { key: 'alerts.latestCounted', params: all })
}

/** A card with fewer stamps than its first goal reached the last one, and shows the next round already. */
const hasBegunAnew = ({ stamps, stampsGoal, goals }: CardFacts): boolean =>
  stamps !== null && stamps < (goals[0] ?? stampsGoal ?? 0)

const voucherRedeemed = (voucher: VoucherFacts, facts: MessageFacts): readonly PlannedMessage[] => [
  editOf('voucher.redeemed', voucher, facts),
  {
    purpose: 'receipt',
    audience: 'customer',
    class: 'service',
    content: inOwnWords('voucher_redeemed', receipt(voucher, facts), facts),
  },
]

const receipt = (voucher: VoucherFacts, facts: MessageFacts): MessageContent => ({
  phrases: [withTitle('voucher.receipt', voucher, facts)],
  buttons: [[{ kind: 'action', label: 'buttons.notYou', action: 'not_you' }]],
})

const birthday = (facts: MessageFacts): MessageContent => ({
  phrases: [
    facts.customerName === null
      ? about('birthday.wish', facts)
      : about('birthday.wishNamed', facts, { name: facts.customerName }),
  ],
  buttons: [[MY_CARD, MY_VOUCHERS]],
})

const missed = (card: CardFacts | null, facts: MessageFacts): MessageContent => {
  const news = about('inactivity.missed', facts)
  return card === null ? { phrases: [news], buttons: [[MY_CARD, MY_VOUCHERS]] } : showCard([news], card)
}

/** Our own campaigns carry their messages themselves; a campaign without a text has nothing for a messenger. */
const campaignSent = (origin: EventOrigin, text: string | null, facts: MessageFacts): readonly PlannedMessage[] => {
  const words: OwnWords = { text: text?.trim() ?? '' }
  if (origin === 'campaign' || words.text === '') return []
  return [marketing({ phrases: [about('campaign.from', facts), words], buttons: [[MY_CARD, MY_VOUCHERS]] })]
}
