import { assertNever } from '../errors.js'
import type { Lottery } from '../loyalty/transition.js'
import type { Phrase } from './content.js'
import type { VisitNews } from './visit-news.js'

/**
 * What the other news of a visit say that their leader does not, each as a short line. What is won is named once: a goal's
 * reward is often the very voucher that comes with it.
 */
export const factsBeside = (leader: VisitNews, others: readonly VisitNews[]): readonly Phrase[] => {
  const said = new Set(titlesIn(leader))
  return others.flatMap((news) => {
    const facts = factsOf(news, leader, said)
    for (const title of titlesIn(news)) said.add(title)
    return facts
  })
}

const titlesIn = (news: VisitNews): readonly string[] => {
  switch (news.event) {
    case 'voucher_issued':
      return news.voucher.title === null ? [] : [news.voucher.title]
    case 'goal_reached':
      return news.reward === null ? [] : [news.reward]
    case 'reward_issued':
      return news.reward.title === null ? [] : [news.reward.title]
    case 'lottery_played':
    case 'card_issued':
    case 'stamp_added':
    case 'card_saved':
    case 'card_opened':
      return []
    default:
      return assertNever(news)
  }
}

const factsOf = (news: VisitNews, leader: VisitNews, said: ReadonlySet<string>): readonly Phrase[] => {
  switch (news.event) {
    case 'voucher_issued':
      // A visit has one at most, and it leads.
      return []
    case 'goal_reached': {
      const { reward } = news
      if (reward !== null && !said.has(reward)) return [{ key: 'visit.goalFor', params: { reward } }]
      return leader.event === 'goal_reached' ? [] : [{ key: 'visit.goal' }]
    }
    case 'reward_issued': {
      const { title, type } = news.reward
      if (title !== null) return said.has(title) ? [] : [{ key: 'visit.reward', params: { title } }]
      return type === 'voucher' && leader.event === 'voucher_issued' ? [] : [{ key: 'visit.rewardUntitled' }]
    }
    case 'lottery_played':
      return [lotteryFact(news.lottery)]
    case 'card_issued':
      return [{ key: 'visit.card' }]
    case 'card_saved':
      return [{ key: 'visit.saved' }]
    case 'card_opened':
      // The person who opened it knows.
      return []
    case 'stamp_added':
      return stampFacts(news.added, news.card.stamps)
    default:
      return assertNever(news)
  }
}

/** Where the count is known, what was added stands beside it. */
const stampFacts = (added: number | null, stamps: number | null): readonly Phrase[] => {
  if (added === null) return [{ key: 'visit.stamp' }]
  return stamps === null ? [{ key: 'visit.stamps', params: { count: added } }] : []
}

const lotteryFact = ({ result, title }: Lottery): Phrase => {
  switch (result) {
    case 'won':
      return title === null ? { key: 'visit.wonUntitled' } : { key: 'visit.won', params: { title } }
    case 'try_again':
      return { key: 'visit.tryAgain' }
    case 'no_prize':
      return { key: 'visit.noPrize' }
    case 'unknown':
      return { key: 'visit.played' }
    default:
      return assertNever(result)
  }
}
