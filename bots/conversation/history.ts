import type { Phrase } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { HistoryLine } from './customer-facts.js'
import type { Facts } from './facts.js'

const MOST_LINES = 10

/** What happened last to the customer's cards and vouchers. */
export const showHistory = (facts: Facts): Answer => {
  const { business, who } = facts
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'connect.first' }])])
  const lines = who.customer.history.slice(0, MOST_LINES)
  const title = lines.length === 0 ? 'history.none' : 'history.title'
  return reply([
    {
      phrases: [
        { key: title, params: { business: business.name } },
        ...lines.map((line) => lineOf(line, business.timeZone)),
      ],
      menu: true,
    },
  ])
}

const lineOf = (line: HistoryLine, timeZone: string): Phrase => {
  const params = { date: { date: line.at, timeZone }, what: whatOf(line) }
  return line.title === null
    ? { key: 'history.line', params }
    : { key: 'history.titledLine', params: { ...params, title: line.title } }
}

const whatOf = ({ event, count }: HistoryLine): Phrase =>
  event === 'stamp_added' && count !== null
    ? { key: 'history.what.stamps', params: { count } }
    : { key: `history.what.${event}` }
