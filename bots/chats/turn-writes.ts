import { type Bound, demand } from '../../src/db/database.js'
import { planCard } from './card-facts.js'
import { planCardChange, planRedemption, takeShown } from './counter-facts.js'
import type { FactSources } from './prepare-turn.js'
import type { TurnChanges } from './turn-effects.js'
import type { Situation } from './turn-facts.js'

/** What a turn writes, besides its replies, what it says elsewhere, and an erasure. Throws if it says what cannot be done. */
export const turnWrites = (
  options: FactSources,
  changes: TurnChanges,
  situation: Situation,
): readonly Bound<unknown>[] => [
  ...chatWrites(options, changes, situation),
  ...(changes.takesShown ? takeShown(options, situation.prepared.counter, situation.now) : []),
  ...redemptionWrites(options, changes, situation),
  ...stampWrites(options, changes, situation),
  ...cardWrites(options, changes, situation),
]

const chatWrites = (
  { chats, consents, hears, till, counter, team, business }: FactSources,
  changes: TurnChanges,
  { prepared: { tokenHash }, now }: Situation,
): Bound<unknown>[] => [
  chats.saveTurn({ ...changes.chat }),
  ...changes.consents.flatMap((change) => consents.change(change, now)),
  ...changes.till.flatMap((change) => till.change(change, business.id, now)),
  ...changes.questions.flatMap((change) => team.change(change, business.id, now)),
  ...changes.counter.flatMap((change) =>
    counter.change(change, { businessId: business.id, chatId: changes.chat.id }, now),
  ),
  ...(changes.hears ? [hears.setHears({ ...changes.hears, now })] : []),
  ...(changes.usesLink && tokenHash !== null ? [demand(1, chats.useLink({ tokenHash, now }))] : []),
]

const redemptionWrites = (
  options: FactSources,
  { redeems, chat }: TurnChanges,
  { prepared: { counter }, found, now }: Situation,
): readonly Bound<unknown>[] => {
  if (!redeems) return []
  const plan = counter && planRedemption(options, counter, chat, found, now)
  // Nobody is told "redeemed" of what is not: the update is answered again, on what is there now.
  if (plan?.redemption.kind !== 'redeemed') throw new Error('the voucher that the turn redeems cannot be redeemed')
  return plan.writes
}

const stampWrites = (
  options: FactSources,
  { changesCard, chat }: TurnChanges,
  { prepared: { counter }, found, now }: Situation,
): readonly Bound<unknown>[] => {
  if (!changesCard) return []
  const plan = counter && planCardChange(options, counter, chat, found, now)
  // Nobody is told of stamps that were not given: the update is answered again, on what is there now.
  if (plan?.change.kind !== 'stamped' && plan?.change.kind !== 'undone')
    throw new Error('the card that the turn changes cannot be changed')
  return plan.writes
}

const cardWrites = (
  options: FactSources,
  { givesCard }: TurnChanges,
  { prepared: { offer }, incoming: { speaker }, found, now }: Situation,
): readonly Bound<unknown>[] => {
  if (!givesCard) return []
  const plan = planCard(options, offer, speaker, found, now)
  // Nobody is shown a card that they do not have: the update is answered again, on what is there now.
  if (plan === null) throw new Error('the card that the turn gives is not offered any more')
  return plan.writes
}

/** Apart from the others, since they come after what is said in other chats. */
export const erasureWrites = (
  { eraser }: FactSources,
  { erases }: TurnChanges,
  { prepared: { erasure }, found, now }: Situation,
): readonly Bound<unknown>[] => {
  if (erases === null) return []
  // Nobody is told "deleted" who is not: the update is answered again, on what is there now.
  if (erasure?.customerId !== erases) throw new Error('the chat had another customer when the turn began')
  return eraser.erase(erases, erasure.chats, found, now)
}
