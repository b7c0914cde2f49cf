import type { VoucherPress } from '../earning.js'
import type { VoucherTemplateRow } from '../own-tables.js'
import { offerOf } from '../templates.js'
import type { lastMomentOf } from '../validity.js'
import { freeNumberOf, type OwnBusiness } from './commands.js'

export type LastMomentOf = typeof lastMomentOf

/** Makes vouchers from what a command has read. `at` is Unix ms. */
export const voucherPress = (
  found: {
    readonly offers: readonly VoucherTemplateRow[]
    readonly taken: readonly { readonly number: string }[]
  },
  business: OwnBusiness,
  at: number,
  lastMoment: LastMomentOf,
): VoucherPress => ({
  offer: (templateId) => {
    const template = found.offers.find(({ id }) => id === templateId)
    // A template is never removed, and a card template that promises an unknown one is not saved.
    if (!template) throw new Error(`there is no voucher template ${templateId}`)
    return offerOf(template)
  },
  numberFor: (voucherId) => freeNumberOf(voucherId, found.taken),
  expiresAt: ({ validity }) => lastMoment(validity, at, business.timeZone),
})
