import type { EventOrigin } from '../events/journaled-event.js'

/** Who owns a card or voucher: a 7stamp one changes only by 7stamp's events. */
export type Master = '7stamp' | 'own'

/** Whose cards and vouchers an event may change. */
export const masterOf = (origin: EventOrigin): Master => (origin === '7stamp' ? '7stamp' : 'own')
