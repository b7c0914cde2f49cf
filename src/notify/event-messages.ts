import { assertNever } from '../errors.js'
import type { EventOrigin } from '../events/journaled-event.js'
import type { CardFacts, Lottery, Reward, Transition, VoucherFacts } from '../loyalty/transition.js'
import { cardLines, copyCodeButtons, voucherLines, voucherTitle } from './captions.js'
import type { ContentButton, MessageContent, OwnWords, Phrase, PictureOf } from './content.js'
import { shortName } from './short-name.js'

/** Who and where. `locationName` is null while nobody named the location: then it is left out, never printed as an id. */
export interface MessageFacts {
  readonly business: { readonly name: string; readonly timeZone: string }
  readonly customerName: string | null
  readonly locationName: string | null
  /** When the event happened, Unix ms. */
  readonly at: number
}

/**
 * A message to be put into the ledger: at most one of each purpose from one transition. An edit replaces what the last
 * message with that picture says.
 */
export type PlannedMessage = {
  readonly audience: 'customer' | 'staff'
  readonly class: 'service' | 'marketing'
  readonly content: MessageContent
} & ({ readonly purpose: 'event' | 'receipt' | 'alert' } | { readonly purpose: 'edit'; readonly edits: PictureOf })

/**
 * What to say about a transition, by default: DESIGN's "what a customer hears". A message that shows the card has no
 * buttons, so the next one leaves nothing behind that would have to be taken away.
 */
export const messagesFor = (transition: Transition, facts: MessageFacts): readonly PlannedMessage[] => {
  switch (transition.event) {
    case 'card_issued':
      return [event(showCard([about('card.issued', facts)], transition.card))]
    case 'stamp_added':
      return stampAdded(transition.card, transition.added, facts)
    case 'goal_reached':
      return [event(goalReached(transition.card, transition.reward, facts)), goalAlert(transition, facts)]
    case 'reward_issued':
      return [event(rewardIssued(transition.reward, facts))]
    case 'voucher_issued':
      return [event(voucherIssued(transition.voucher, facts))]
    case 'voucher_redeemed':
      return voucherRedeemed(transition.voucher, facts)
    case 'voucher_expired':
      return [editOf('voucher.expired', transition.voucher, facts)]
    case 'lottery_played':
      return [event(lotteryPlayed(transition.lottery, facts))]
    case 'birthday_reached':
      return [marketing({ phrases: [birthdayWish(facts)], buttons: [[MY_CARD, MY_VOUCHERS]] })]
    case 'inactivity_trigger':
      return [marketing(missed(transition.card, facts))]
    case 'campaign_sent':
      return campaignSent(transition.origin, transition.text, facts)
    case 'card_saved':
    case 'card_opened':
      return []
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

const MY_CARD: ContentButton = { kind: 'action', label: 'buttons.myCard', action: 'card' }
const MY_VOUCHERS: ContentButton = { kind: 'action', label: 'buttons.myVouchers', action: 'vouchers' }

const event = (content: MessageContent): PlannedMessage => ({
  purpose: 'event',
  audience: 'customer',
  class: 'service',
  content,
})

/** Every marketing message says how to end them. */
const marketing = (content: MessageContent): PlannedMessage => ({
  purpose: 'event',
  audience: 'customer',
  class: 'marketing',
  content: { ...content, phrases: [...content.phrases, { key: 'marketing.stop' }] },
})

const alert = (phrases: readonly Phrase[]): PlannedMessage => ({
  purpose: 'alert',
  audience: 'staff',
  class: 'service',
  content: { phrases },
})

const editOf = (key: string, voucher: VoucherFacts, facts: MessageFacts): PlannedMessage => {
  const picture: PictureOf = { kind: 'voucher', voucherId: voucher.id }
  const phrases = [withTitle(key, voucher, facts), { key: 'voucher.number', params: { number: voucher.number } }]
  return { purpose: 'edit', edits: picture, audience: 'customer', class: 'service', content: { phrases, picture } }
}

const about = (key: string, { business }: MessageFacts, params: Phrase['params'] = {}): Phrase => ({
  key,
  params: { business: business.name, ...params },
})

const withTitle = (key: string, voucher: VoucherFacts, facts: MessageFacts): Phrase =>
  about(key, facts, { title: voucherTitle(voucher), date: { date: facts.at, timeZone: facts.business.timeZone } })

const showCard = (news: readonly Phrase[], card: CardFacts): MessageContent => ({
  phrases: [...news, ...cardLines(card)],
  picture: { kind: 'card', cardId: card.id },
})

/** Without sound; a stamp taken back is no news at all. */
const stampAdded = (card: CardFacts, added: number | null, facts: MessageFacts): readonly PlannedMessage[] => {
  if (added !== null && added < 1) return []
  const news = added === null ? about('stamp.new', facts) : about('stamp.added', facts, { count: added })
  return [event({ ...showCard([news], card), silent: true })]
}

const goalReached = (card: CardFacts, reward: string | null, facts: MessageFacts): MessageContent => {
  const news = reward === null ? about('goal.reached', facts) : about('goal.reachedFor', facts, { reward })
  return showCard([news], card)
}

const goalAlert = (goal: { card: CardFacts; reward: string | null }, facts: MessageFacts): PlannedMessage => {
  const { stamps, stampsGoal } = goal.card
  const counted = stamps !== null && stampsGoal !== null
  const params = {
    who: facts.customerName === null ? { key: 'alerts.someone' } : shortName(facts.customerName),
    at: facts.locationName === null ? '' : { key: 'alerts.at', params: { location: facts.locationName } },
    reward: goal.reward === null ? '' : { key: 'alerts.reward', params: { reward: goal.reward } },
  }
  if (!counted) return alert([{ key: 'alerts.goal', params }])
  return alert([{ key: 'alerts.goalCounted', params: { ...params, stamps, goal: stampsGoal } }])
}

const rewardIssued = ({ type, title }: Reward, facts: MessageFacts): MessageContent => ({
  phrases: [title === null ? about('reward.issuedUntitled', facts) : about('reward.issued', facts, { title })],
  buttons: [[type === 'voucher' ? MY_VOUCHERS : MY_CARD]],
})

const voucherIssued = (voucher: VoucherFacts, facts: MessageFacts): MessageContent => ({
  phrases: [
    voucher.title === null
      ? about('voucher.issuedUntitled', facts)
      : about('voucher.issued', facts, { title: voucher.title }),
    ...voucherLines(voucher, facts.business.timeZone),
  ],
  picture: { kind: 'voucher', voucherId: voucher.id },
  buttons: [copyCodeButtons(voucher), [MY_VOUCHERS]].filter((row) => row.length > 0),
})

const voucherRedeemed = (voucher: VoucherFacts, facts: MessageFacts): readonly PlannedMessage[] => [
  editOf('voucher.redeemed', voucher, facts),
  {
    purpose: 'receipt',
    audience: 'customer',
    class: 'service',
    content: {
      phrases: [withTitle('voucher.receipt', voucher, facts)],
      buttons: [[{ kind: 'action', label: 'buttons.notYou', action: 'not_you' }]],
    },
  },
]

const lotteryPlayed = ({ result, title, greeting }: Lottery, facts: MessageFacts): MessageContent => ({
  phrases: [lotteryNews(result, title, facts), ...(greeting === null ? [] : [{ text: greeting }])],
  buttons: [[MY_CARD, MY_VOUCHERS]],
})

const lotteryNews = (result: Lottery['result'], title: string | null, facts: MessageFacts): Phrase => {
  switch (result) {
    case 'won':
      return title === null ? about('lottery.wonUntitled', facts) : about('lottery.won', facts, { title })
    case 'try_again':
      return about('lottery.tryAgain', facts)
    case 'no_prize':
      return about('lottery.noPrize', facts)
    case 'unknown':
      return about('lottery.played', facts)
    default:
      return assertNever(result)
  }
}

const birthdayWish = (facts: MessageFacts): Phrase =>
  facts.customerName === null
    ? about('birthday.wish', facts)
    : about('birthday.wishNamed', facts, { name: facts.customerName })

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
