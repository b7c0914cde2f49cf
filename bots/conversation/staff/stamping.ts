import { assertNever } from '../../../src/errors.js'
import { stampsToNextGoal } from '../../../src/notify/captions.js'
import type { ContentButton, Phrase } from '../../../src/notify/content.js'
import { type Answer, reply } from '../answer.js'
import { MOST_STAMPS_TYPED } from '../card-count.js'
import { isStillAsked } from '../confirm.js'
import type { State } from '../state.js'
import type { Turn } from '../turn.js'
import { nothingFound, whoIs } from './at-counter.js'
import { askPin, LOCK } from './pin.js'
import type { CardChange, CardRefusal, StaffCard, StampedCard, Till } from './staff-facts.js'

/**
 * Each showing of a card gives stamps once, by whichever of its buttons or by what is typed under it: the stamp's id follows
 * from the chat, the card and the moment it was shown. So a button pressed twice, by one hand or by two in a group, stamps
 * once however late the second press comes, and is told what was given. Who means more presses "+1 more", which is another
 * showing, or names the card again.
 */
export interface StampWish {
  readonly cardId: string
  /** Null for a number that cannot be given at once. */
  readonly count: number | null
  /** Unix ms */
  readonly shownAt: number
}

/** How long a number that is typed means the card that was shown. */
const TYPED_WITHIN_MS = 5 * 60_000

/** Whether a number that is typed now is meant for the card that was shown then. */
export const isStillAtCard = ({ shownAt }: { readonly shownAt: number }, now: number): boolean =>
  now - shownAt <= TYPED_WITHIN_MS

type Rows = readonly (readonly ContentButton[])[]

/** The card as staff see it, with buttons that stamp it if it can be stamped here. */
export const showToCashier = (card: StaffCard, turn: Turn, first: readonly Phrase[] = [], more: Rows = []): Answer => {
  const canBeStamped = card.master === 'own' && !card.isComplete
  const buttons = [...(canBeStamped ? [[1, 2, 3].map((count) => stampButton(card, count, turn))] : []), ...more]
  const phrases = [...first, ...cardLines(card), whatToDo(card)]
  return {
    ...reply([{ phrases, ...(buttons.length > 0 && { buttons }) }]),
    ...(canBeStamped && { state: atCard(card.id, turn.now, turn) }),
  }
}

/** A cashier pressed a number of stamps, or typed one under the card. */
export const giveStamps = ({ cardId, count, shownAt }: StampWish, turn: Turn): Answer => {
  const { state, facts, now } = turn
  const { counter } = facts.found
  if (counter?.found.kind !== 'card') return nothingFound()
  if (count === null) return { ...say('stamping.limit', { most: MOST_STAMPS_TYPED }), state }
  const { till, change } = counter
  if (isLocked(till)) return askPin({ kind: 'card', cardId }, till, now)
  const { card } = counter.found
  if (change === null || !isStillAsked(shownAt, now)) return showToCashier(card, turn)
  const answer = changed(change, card, till, turn)
  // Whatever is typed now is typed under the showing that has given its stamps.
  return answer.state.kind === 'idle' ? { ...answer, state: atCard(cardId, shownAt, turn) } : answer
}

/** "Undo" under stamps that were given takes these back, and no others. */
export const undoStamps = (stampId: string, turn: Turn): Answer => {
  const { counter } = turn.facts.found
  if (counter?.found.kind !== 'card') return nothingFound()
  const { till, change, found } = counter
  if (isLocked(till)) return askPin({ kind: 'stamp', stampId }, till, turn.now)
  return change === null ? showToCashier(found.card, turn) : changed(change, found.card, till, turn)
}

const atCard = (cardId: string, shownAt: number, { facts }: Turn): State => ({
  kind: 'at_card',
  cardId,
  shownAt,
  by: facts.speaker?.id ?? null,
})

const isLocked = (till: Till): till is Till & { kind: 'shared' } => till.kind === 'shared' && till.cashier === null

/** Says what the change comes to, and does it. */
const changed = (change: CardChange, card: StaffCard, till: Till, turn: Turn): Answer => {
  switch (change.kind) {
    case 'stamped': {
      const after = { ...card, ...change.after }
      const phrases = [given(change.count, after, till), ...change.earned.map(goalReached), ...whatIsNext(after)]
      return reply([{ phrases, buttons: afterGiving(change.stampId, after, till, turn) }], [{ kind: 'changeCard' }])
    }
    case 'stamped_before': {
      if (change.isUndone) return showToCashier(card, turn, [{ key: 'stamping.wasUndone' }])
      const phrase: Phrase = { key: 'stamping.before', params: { added: change.count, ...named(card) } }
      return reply([{ phrases: [phrase], buttons: afterGiving(change.stampId, card, till, turn) }])
    }
    case 'undone': {
      const undone: Phrase = { key: 'stamping.undone', params: { taken: change.count, who: whoIs(card.customerName) } }
      return { ...showToCashier({ ...card, ...change.after }, turn, [undone]), effects: [{ kind: 'changeCard' }] }
    }
    case 'refused':
      return refused(change.reason, card, turn)
    default:
      return assertNever(change)
  }
}

const refused = (reason: CardRefusal, card: StaffCard, turn: Turn): Answer => {
  switch (reason) {
    case 'own_card':
      return say('stamping.own')
    case 'card_complete':
    case 'managed_by_7stamp':
      return showToCashier(card, turn)
    case 'too_late':
      return say('stamping.tooLate')
    case 'reward_used':
      return say('stamping.rewardUsed')
    case 'already_undone':
      return showToCashier(card, turn, [{ key: 'stamping.wasUndone' }])
    // Staff say a number of stamps, never an amount.
    case 'too_many_stamps':
    case 'amount_missing':
    case 'wrong_currency':
    case 'amount_too_small':
      return say('stamping.limit', { most: MOST_STAMPS_TYPED })
    case 'not_found':
      return nothingFound()
    default:
      return assertNever(reason)
  }
}

const say = (key: string, params: Phrase['params'] = {}): Answer => reply([{ phrases: [{ key, params }] }])

const cardLines = (card: StaffCard): readonly Phrase[] => [
  { key: 'redeem.what', params: { title: card.title ?? { key: 'stamping.untitled' }, who: whoIs(card.customerName) } },
  ...(card.stamps === null || card.stampsGoal === null
    ? []
    : [{ key: 'card.progress', params: { stamps: card.stamps, goal: card.stampsGoal } }]),
  ...toGo(card),
  { key: 'card.number', params: { number: card.number } },
]

const whatToDo = (card: StaffCard): Phrase => {
  if (card.master === '7stamp') return { key: 'stamping.by7stamp' }
  return { key: card.isComplete ? 'stamping.complete' : 'stamping.how' }
}

const whatIsNext = (card: StaffCard): readonly Phrase[] =>
  card.isComplete ? [{ key: 'stamping.complete' }] : toGo(card)

/** What is missing until which reward; nothing where no goal is ahead, or nobody knows. */
const toGo = (card: StampedCard): readonly Phrase[] => {
  const count = stampsToNextGoal(card)
  return count === null || card.nextReward === null
    ? []
    : [{ key: 'stamping.toGo', params: { count, reward: card.nextReward } }]
}

const given = (added: number, card: StaffCard, till: Till): Phrase =>
  till.kind === 'shared' && till.cashier !== null
    ? { key: 'stamping.givenBy', params: { added, cashier: till.cashier.name, ...named(card) } }
    : { key: 'stamping.given', params: { added, ...named(card) } }

/** Our own cards always know both numbers. */
const named = ({ customerName, stamps, stampsGoal }: StaffCard): NonNullable<Phrase['params']> => ({
  who: whoIs(customerName),
  stamps: stamps ?? 0,
  goal: stampsGoal ?? 0,
})

const goalReached = (reward: string): Phrase => ({ key: 'stamping.goal', params: { reward } })

const afterGiving = (stampId: string, card: StaffCard, till: Till, turn: Turn): Rows => [
  [undoButton(stampId)],
  ...(card.isComplete ? [] : [[{ ...stampButton(card, 1, turn), label: 'buttons.oneMore' }]]),
  ...(till.kind === 'shared' ? [[LOCK]] : []),
]

export const undoButton = (stampId: string): ContentButton => ({
  kind: 'action',
  label: 'buttons.undo',
  action: `unstamp:${stampId}`,
})

/** It carries when the card was shown; in base 36, since an action has 64 bytes. */
const stampButton = ({ id }: StaffCard, added: number, { now }: Turn): ContentButton => ({
  kind: 'action',
  label: 'buttons.stamps',
  params: { added },
  action: `stamp:${id}:${added}:${now.toString(36)}`,
})
