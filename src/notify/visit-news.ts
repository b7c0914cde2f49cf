import { assertNever } from '../errors.js'
import type { CardFacts, Lottery, Reward, Transition, VoucherFacts } from '../loyalty/transition.js'
import { cardLines, copyCodeButtons, showToStaffButtons, voucherLines } from './captions.js'
import type { ContentButton, MessageContent, Phrase } from './content.js'
import { about, inOwnWords, type MessageFacts } from './message-facts.js'

/** The events that a customer hears of at once, the richest first: in one message of one visit the first of them leads. */
export const RICHEST_FIRST = [
  'voucher_issued',
  'goal_reached',
  'reward_issued',
  'lottery_played',
  'card_issued',
  'stamp_added',
  'card_saved',
  'card_opened',
] as const

/** What happened at a visit, as far as it is told to the customer. */
export type VisitNews = Transition & { readonly event: (typeof RICHEST_FIRST)[number] }

export const MY_CARD: ContentButton = { kind: 'action', label: 'buttons.myCard', action: 'card' }
export const MY_VOUCHERS: ContentButton = { kind: 'action', label: 'buttons.myVouchers', action: 'vouchers' }

/**
 * The message about one thing that happened. A message that shows the card has no buttons, so the next one leaves nothing
 * behind that would have to be taken away.
 */
export const contentOfNews = (news: VisitNews, facts: MessageFacts): MessageContent =>
  inOwnWords(news.event, usualContent(news, facts), facts)

const usualContent = (news: VisitNews, facts: MessageFacts): MessageContent => {
  switch (news.event) {
    case 'card_issued':
      return showCard([about('card.issued', facts)], news.card)
    case 'card_saved':
      return showCard([about('card.saved', facts)], news.card)
    case 'card_opened':
      return { ...showCard([about('card.mine', facts)], news.card), silent: true }
    case 'stamp_added':
      return { ...showCard([stampNews(news.card, news.added, facts)], news.card), silent: true }
    case 'goal_reached':
      return goalReached(news.card, news.reward, facts)
    case 'reward_issued':
      return rewardIssued(news.reward, facts)
    case 'voucher_issued':
      return voucherIssued(news.voucher, facts)
    case 'lottery_played':
      return lotteryPlayed(news.lottery, facts)
    default:
      return assertNever(news)
  }
}

/** The card as a picture, below what there is to say about it. */
export const showCard = (news: readonly Phrase[], card: CardFacts): MessageContent => ({
  phrases: [...news, ...cardLines(card)],
  picture: { kind: 'card', cardId: card.id },
})

const stampNews = (card: CardFacts, added: number | null, facts: MessageFacts): Phrase =>
  added === null
    ? about('stamp.new', facts, countsOf(card))
    : about('stamp.added', facts, { count: added, ...countsOf(card) })

/** For the business's own words. */
const countsOf = ({ stamps, stampsGoal }: CardFacts): NonNullable<Phrase['params']> => ({
  ...(stamps !== null && { stamps }),
  ...(stampsGoal !== null && { goal: stampsGoal }),
})

const goalReached = (card: CardFacts, reward: string | null, facts: MessageFacts): MessageContent => {
  const counts = countsOf(card)
  const news =
    reward === null ? about('goal.reached', facts, counts) : about('goal.reachedFor', facts, { reward, ...counts })
  return showCard([news], card)
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
  buttons: [copyCodeButtons(voucher), showToStaffButtons(voucher), [MY_VOUCHERS]].filter((row) => row.length > 0),
})

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
