import type { CardFacts } from '../loyalty/transition.js'
import { cardLines } from './captions.js'
import type { ContentButton, MessageContent, OwnWords, Phrase } from './content.js'
import type { MessageFacts } from './message-facts.js'
import { factsBeside } from './visit-facts.js'
import { contentOfNews, MY_CARD, MY_VOUCHERS, RICHEST_FIRST, type VisitNews } from './visit-news.js'

/** Less is richer. */
export const rankOf = ({ event }: VisitNews): number => RICHEST_FIRST.indexOf(event)

/**
 * One message about all that happened at a visit, in the order it was heard of; at least one thing, at most one of them a
 * voucher. The richest leads with its words, picture and buttons, and each fact that it lacks follows as a line. The card is
 * shown as the last of the news knew it.
 */
export const contentOfVisit = (visit: readonly VisitNews[], facts: MessageFacts): MessageContent => {
  const { leader, others, card } = gather(visit)
  if (others.length === 0) return contentOfNews(leader, facts)
  const leading = contentOfNews(withoutGreeting(leader), facts)
  const state = card === null || leading.picture?.kind === 'card' ? [] : cardLines(card)
  const picture = leading.picture ?? (card === null ? undefined : { kind: 'card' as const, cardId: card.id })
  const buttons = buttonsOf(leading, others, facts, picture?.kind === 'card')
  return {
    phrases: [
      ...withAdded([...leading.phrases, ...factsBeside(leader, others), ...state], others),
      // What a business wrote may be long: where a messenger cuts, it cuts this.
      ...visit.flatMap(greetingIn),
    ],
    ...(picture && { picture }),
    ...(buttons.length > 0 && { buttons }),
    ...(visit.every((news) => contentOfNews(news, facts).silent) && { silent: true }),
  }
}

/** As lines, what a message that only tells of the leader would lack; none for a visit where one thing happened. */
export const linesBesideLeader = (visit: readonly VisitNews[]): readonly (Phrase | OwnWords)[] => {
  const { leader, others, card } = gather(visit)
  if (others.length === 0) return []
  const lines = [...factsBeside(leader, others), ...(card === null ? [] : cardLines(card))]
  return [...withAdded(lines, others), ...others.flatMap(greetingIn)]
}

interface Gathered {
  readonly leader: VisitNews
  /** The richest first. */
  readonly others: readonly VisitNews[]
  /** As the last of the news knew it; null where none knew it. */
  readonly card: CardFacts | null
}

const gather = (visit: readonly VisitNews[]): Gathered => {
  const card = visit.reduce<CardFacts | null>((known, news) => ('card' in news ? news.card : known), null)
  const news = card === null ? visit : visit.map((each) => ('card' in each ? { ...each, card } : each))
  const [leader, ...others] = addUpStamps(news).sort((a, b) => rankOf(a) - rankOf(b))
  if (!leader) throw new Error('nothing happened at the visit')
  return { leader, others, card }
}

/** Stamps that came one by one are told as one number. */
const addUpStamps = (visit: readonly VisitNews[]): VisitNews[] => {
  const stamps = visit.filter((news) => news.event === 'stamp_added')
  const [stamp] = stamps
  if (!stamp) return [...visit]
  const added = stamps.reduce<number | null>(
    (sum, each) => (sum === null || each.added === null ? null : sum + each.added),
    0,
  )
  return [...visit.filter(({ event }) => event !== 'stamp_added'), { ...stamp, added }]
}

/** The count of stamps with what was added at this visit: "Stamps: 3 of 8 (+1)". */
const withAdded = (
  lines: readonly (Phrase | OwnWords)[],
  others: readonly VisitNews[],
): readonly (Phrase | OwnWords)[] => {
  const added = others.find((news) => news.event === 'stamp_added')?.added ?? null
  if (added === null) return lines
  return lines.map((line) => (isCount(line) ? { key: 'visit.added', params: { progress: line, added } } : line))
}

const isCount = (line: Phrase | OwnWords): line is Phrase =>
  'key' in line && (line.key === 'card.progress' || line.key === 'card.stamps')

/** The leader's buttons, and the way to the vouchers if anything leads there; none to a card that is shown. */
const buttonsOf = (
  { buttons = [] }: MessageContent,
  others: readonly VisitNews[],
  facts: MessageFacts,
  showsCard: boolean,
): readonly (readonly ContentButton[])[] => {
  const rows = buttons
    .map((row) => row.filter((button) => !(showsCard && button === MY_CARD)))
    .filter((row) => row.length > 0)
  const leadsToVouchers = others.some((news) => (contentOfNews(news, facts).buttons ?? []).flat().includes(MY_VOUCHERS))
  return leadsToVouchers && !rows.flat().includes(MY_VOUCHERS) ? [...rows, [MY_VOUCHERS]] : rows
}

const withoutGreeting = (news: VisitNews): VisitNews =>
  news.event === 'lottery_played' ? { ...news, lottery: { ...news.lottery, greeting: null } } : news

const greetingIn = (news: VisitNews): readonly OwnWords[] =>
  news.event === 'lottery_played' && news.lottery.greeting !== null ? [{ text: news.lottery.greeting }] : []
