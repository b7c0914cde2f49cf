import type { LoyaltyEvent } from '../../events/glossary.js'

/** Whether the event takes back that a card or voucher was taken over: from then on it is 7stamp's again. */
export const isGivenBack = ({ payload: { adoption, undoes } }: { readonly payload: LoyaltyEvent }): boolean =>
  adoption !== undefined && undoes === adoption
