import { derivedId } from '../../ids.js'
import type { CardRow, VoucherRow } from '../loyalty-tables.js'
import { cardBlock, type RuledCard, stampsBrought } from '../own/card-events.js'
import { type Cause, type OwnEvent, ownEvent } from '../own/own-event.js'
import { ownEventId } from '../own/own-ids.js'
import { voucherBlock } from '../own/voucher-events.js'

/** Why something is taken over or given back. */
export type AdoptionCause = Cause & { readonly adoptionId: string }

/** A card that begins here in mid-life: issued as it was, with one stamping of all that it has. */
export const cardTakenOver = (
  cause: AdoptionCause,
  mirrored: CardRow,
  card: RuledCard,
  stamps: number,
): readonly OwnEvent[] => {
  const { externalId, platform, createdAt, touchedAt } = mirrored
  const issued = ownEvent(cause, ownEventId('card_issued', card.id, cause.adoptionId), 'card_issued', {
    card: {
      ...cardBlock(card, { total: 0, carried: 0 }),
      external_id: externalId,
      platform,
      issued_at: timeOf(createdAt),
      last_used_at: timeOf(touchedAt === 0 ? createdAt : touchedAt),
    },
  })
  return [issued, ...stampsBrought(cause, card, stamps, derivedId('stamp', 'own', card.id, cause.adoptionId))]
}

/** A voucher with its state, number and codes. What 7stamp has issued can be redeemed at once, as ours can. */
export const voucherTakenOver = (cause: AdoptionCause, mirrored: VoucherRow): OwnEvent => {
  const { externalId, cardId, redeemedVia, issuedAt, createdAt } = mirrored
  const { state, stateAt } = stateOf(mirrored, cause.at)
  return ownEvent(cause, ownEventId('voucher_issued', mirrored.id, cause.adoptionId), 'voucher_issued', {
    ...(cardId !== null && { card: { id: cardId } }),
    voucher: {
      ...voucherBlock({ ...mirrored, redemption: 'staff' }, state),
      external_id: externalId,
      redeemed_via: redeemedVia,
      issued_at: timeOf(issuedAt ?? createdAt),
      state_at: timeOf(stateAt),
    },
  })
}

/** What is over by then is taken over as expired: our clock would tell the customer, and 7stamp has. */
const stateOf = ({ state, stateAt, expiresAt }: VoucherRow, now: number): Pick<VoucherRow, 'state' | 'stateAt'> => {
  if (state !== 'issued' && state !== 'active') return { state, stateAt }
  return expiresAt !== null && expiresAt <= now
    ? { state: 'expired', stateAt: expiresAt }
    : { state: 'active', stateAt }
}

export const cardGivenBack = (cause: AdoptionCause, { id }: CardRow): OwnEvent =>
  ownEvent(cause, ownEventId('card_issued', id, cause.adoptionId, 'undone'), 'card_issued', {
    undoes: cause.adoptionId,
    card: { id },
  })

export const voucherGivenBack = (cause: AdoptionCause, { id }: VoucherRow): OwnEvent =>
  ownEvent(cause, ownEventId('voucher_issued', id, cause.adoptionId, 'undone'), 'voucher_issued', {
    undoes: cause.adoptionId,
    voucher: { id },
  })

const timeOf = (at: number): string => new Date(at).toISOString()
