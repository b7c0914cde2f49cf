import { z } from 'zod'
import type { Caller } from '../../access/authentication.js'
import { type ApiCall, apiCall } from '../../api/api-call.js'
import { email, id, phone, receiptId } from '../../api/fields.js'
import { STAFF } from '../../api/who-may.js'
import type { VoucherRow } from '../loyalty-tables.js'
import type { OwnCommands } from '../own/commands/own-commands.js'
import { redeemRefusal } from '../own/redemption.js'
import type { CustomerDesk } from './customer-desk.js'
import { redemptionRefused, redemptionUndoRefused } from './own-refusals.js'
import type { Places } from './places.js'
import type { FindPresented } from './voucher-finder.js'
import { presentVoucher, voucherJson } from './voucher-json.js'

export interface RedemptionRoutesNeeds {
  readonly own: OwnCommands
  readonly desk: CustomerDesk
  readonly places: Places
  readonly find: FindPresented
}

const presented = z.strictObject({
  redeem_code: z.string().trim().min(1).max(100).describe("The till's promo code, or a voucher's own number."),
  voucher_no: z.string().trim().min(1).max(100).optional(),
  card_id: id('card').optional(),
  customer: z
    .strictObject({ id: id('c').optional(), phone: phone.optional(), email: email.optional() })
    .refine((who) => who.id ?? who.phone ?? who.email, { error: 'must have an id, a phone or an email' })
    .optional(),
})

const use = { location_id: id('loc').optional(), receipt_id: receiptId.optional() }

const REDEEM_REFUSALS = [
  'managed_by_7stamp',
  'already_redeemed',
  'voucher_expired',
  'voucher_not_active',
  'own_voucher',
] as const

export const redemptionRoutes = ({ own, desk, places, find }: RedemptionRoutesNeeds): readonly ApiCall[] => {
  const redeem = async (
    caller: Caller,
    voucher: VoucherRow,
    asked: { readonly location_id?: string | undefined; readonly receipt_id?: string | undefined },
    how: { readonly via: 'api' | 'redeem_code'; readonly key: string | null; readonly now: number },
  ) => {
    const redemption = await own.redeemVoucher({
      businessId: caller.businessId,
      voucherId: voucher.id,
      by: { staffId: caller.staffId, customerId: null, via: how.via },
      byCustomerIds: [],
      locationId: await places.locationIn(caller, asked.location_id),
      receiptId: asked.receipt_id ?? null,
      key: how.key,
      origin: 'api',
      now: how.now,
    })
    if (redemption.kind === 'refused') throw redemptionRefused(redemption)
    return { status: 200, body: presentVoucher(redemption.voucher), customerId: voucher.customerId } as const
  }

  return [
    apiCall({
      method: 'POST',
      path: '/vouchers/check',
      tag: 'Vouchers',
      summary: 'Look at the voucher that is presented, without redeeming it',
      may: { ...STAFF, readOnly: true },
      body: presented,
      answer: z.strictObject({
        voucher: voucherJson,
        redeemable: z.boolean(),
        reason: z.string().nullable().describe('The code with which redeeming would be refused.'),
      }),
      examples: [{ title: 'By its number', body: { redeem_code: 'number_example' }, status: 200 }],
      refusals: ['redeem_code_ambiguous'],
      handle: async ({ caller, body, now }) => {
        const voucher = await find(caller, body, null, now)
        const refusal = redeemRefusal(voucher, undefined, { via: 'api', byCustomerIds: [], now })
        const reason = refusal && redemptionRefused(refusal).code
        return { status: 200, body: { voucher: presentVoucher(voucher), redeemable: reason === null, reason } }
      },
    }),
    apiCall({
      method: 'POST',
      path: '/vouchers/redeem',
      tag: 'Vouchers',
      summary: 'Redeem the voucher that is presented, once',
      may: STAFF,
      body: presented.extend(use),
      answer: voucherJson,
      examples: [
        {
          title: "A till's promo code and the card",
          body: { redeem_code: 'COFFEE', card_id: 'card_example', receipt_id: 'R-1003' },
          status: 200,
        },
      ],
      refusals: ['redeem_code_ambiguous', ...REDEEM_REFUSALS],
      handle: async ({ caller, body, key, mayBeDone, now }) =>
        redeem(caller, await find(caller, body, mayBeDone ? key : null, now), body, { via: 'redeem_code', key, now }),
    }),
    apiCall({
      method: 'POST',
      path: '/vouchers/{id}/redeem',
      tag: 'Vouchers',
      summary: 'Redeem a voucher, once',
      may: STAFF,
      body: z.strictObject(use),
      answer: voucherJson,
      examples: [{ title: 'By its id', params: { id: 'v_example' }, body: {}, status: 200 }],
      refusals: REDEEM_REFUSALS,
      handle: async ({ caller, params, body, key, now }) =>
        redeem(caller, await desk.voucher(caller, params.id), body, { via: 'api', key, now }),
    }),
    apiCall({
      method: 'POST',
      path: '/vouchers/{id}/undo',
      tag: 'Vouchers',
      summary: 'Take a mistaken redemption back',
      may: STAFF,
      body: z.strictObject({ location_id: id('loc').optional() }),
      answer: voucherJson,
      examples: [{ title: 'A mistake', params: { id: 'v_redeemed_example' }, status: 200 }],
      refusals: ['managed_by_7stamp', 'not_redeemed', 'too_late'],
      handle: async ({ caller, params, body, mayBeDone, now }) => {
        const voucher = await desk.voucher(caller, params.id)
        const undo = await own.undoRedemption({
          businessId: caller.businessId,
          voucherId: voucher.id,
          locationId: await places.locationIn(caller, body.location_id),
          origin: 'api',
          now,
        })
        if (undo.kind === 'undone')
          return { status: 200, body: presentVoucher(undo.voucher), customerId: voucher.customerId }
        if (undo.reason === 'not_redeemed' && mayBeDone)
          return { status: 200, body: presentVoucher(voucher), customerId: voucher.customerId }
        throw redemptionUndoRefused(undo.reason)
      },
    }),
  ]
}
