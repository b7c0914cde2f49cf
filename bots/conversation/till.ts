import type { ContentButton } from '../../src/notify/content.js'
import { type Answer, type Effect, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { Facts } from './facts.js'
import { linking } from './link.js'
import { whoIs } from './staff/at-counter.js'
import type { RecentCard } from './staff/staff-facts.js'
import type { State } from './state.js'
import { isTillCode, type TillCard } from './till-code.js'
import type { Turn } from './turn.js'

/** How long a cashier may look for the card after the code was right. */
const CHOOSE_WITHIN_MS = 5 * 60_000

/** A guest at the till shows a code to the staff, who know which card was just stamped. */
export const showTillCode = (facts: Facts): Answer => {
  const { found, business } = facts
  const code = found.freshTillCode
  if (code === null) return reply([connectPrompt(facts, [{ key: 'till.full' }])])
  return reply(
    [
      {
        phrases: [
          { key: 'till.code', params: { code } },
          { key: 'till.show', params: { business: business.name } },
        ],
        menu: true,
      },
    ],
    [{ kind: 'openTillCode', code }],
  )
}

/** The linking that a staff chat is in the middle of; one that was left lying is over. */
export const openLinking = (state: State, now: number) =>
  state.kind === 'linking_at_till' && now - state.askedAt <= CHOOSE_WITHIN_MS ? state : null

/** A cashier typed four digits. */
export const takeTillCode = (code: string, { facts, now }: Turn): Answer => {
  const { till } = facts.found
  if (!till?.guest || facts.guessesLeft <= 0) return wrong('till.wrong', facts)
  const cards = till.recentCards.map((card) => buttonOf(card, code, now))
  return {
    state: { kind: 'linking_at_till', chatId: till.guest.chatId, code, askedAt: now },
    replies: [
      {
        phrases: [{ key: cards.length > 0 ? 'till.choose' : 'till.noRecent' }],
        ...(cards.length > 0 && { buttons: cards }),
      },
    ],
    effects: [{ kind: 'useTillCode', code }],
  }
}

/** The card is chosen: the guest's chat shows it from now on. A button belongs to the code that it was shown for. */
export const linkAtTill = (card: TillCard, code: string | null, { state, facts, now }: Turn): Answer => {
  const { till } = facts.found
  const open = openLinking(state, now)
  if (!open || !till?.guest || (code !== null && code !== open.code)) return wrong('till.wrong', facts)
  const { guest, card: owner } = till
  if (owner?.kind !== 'customer' || facts.guessesLeft <= 0) {
    // Four digits may be the next guest's code: typed again, they are read as one.
    const isLikeACode = 'number' in card && isTillCode(card.number)
    const answer = wrong('till.wrongCard', facts)
    return isLikeACode ? answer : { ...answer, state: open }
  }
  const isLinked = guest.customerId === owner.customer.id
  const place = { chatId: guest.chatId, stopped: guest.stopped, isLinked }
  const { replies, effects, elsewhere } = linking(owner, 'till', place, facts.business)
  return {
    ...reply([{ phrases: [{ key: 'till.linked', params: { who: whoIs(owner.customer.name) } }] }]),
    elsewhere: [{ chatId: guest.chatId, effects, replies, isAwaited: true }, ...elsewhere],
  }
}

const wrong = (key: string, { business }: Facts): Answer => {
  const effects: readonly Effect[] = [{ kind: 'countTillGuess' }]
  return reply([{ phrases: [{ key, params: { business: business.name } }] }], effects)
}

const buttonOf = (card: RecentCard, code: string, now: number): readonly ContentButton[] => [
  {
    kind: 'action',
    label: 'buttons.named',
    params: {
      name: {
        key: 'till.recent',
        params: {
          number: card.number,
          who: whoIs(card.customerName),
          minutes: Math.max(0, Math.floor((now - card.at) / 60_000)),
        },
      },
    },
    action: `till_card:${card.cardId}:${code}`,
  },
]
