import { z } from 'zod'
import type { Caller } from '../../access/authentication.js'
import { type ApiCall, apiCall } from '../../api/api-call.js'
import { customerRef, email, id, phone, receiptId } from '../../api/fields.js'
import { pageOf, pageQuery, presentPage, readCursor } from '../../api/paging.js'
import { STAFF } from '../../api/who-may.js'
import type { Database } from '../../db/database.js'
import { AppError, assertNever } from '../../errors.js'
import { invalidInput } from '../../field-errors.js'
import type { CardRow, CustomerRow, VoucherRow } from '../loyalty-tables.js'
import type { HistoryStore } from '../own/history-store.js'
import type { VoucherIssue } from '../own/issue-voucher.js'
import type { OwnCommands } from '../own/own-commands.js'
import { redeemRefusal } from '../own/redemption.js'
import { offerOf } from '../own/templates.js'
import type { VoucherOffer } from '../own/voucher-offer.js'
import { type CustomerDesk, unknown } from './customer-desk.js'
import { managedBy7stamp, redemptionRefused } from './own-refusals.js'
import type { Places } from './places.js'
import { termsGiven, termsJson, termsOf } from './terms-json.js'
import type { FindPresented } from './voucher-finder.js'
import { presentVoucher, voucherJson } from './voucher-json.js'

export interface VoucherRoutesNeeds {
  readonly db: Database
  readonly history: HistoryStore
  readonly own: OwnCommands
  readonly desk: CustomerDesk
  readonly places: Places
  readonly find: FindPresented
}

const STATES = ['issued', 'active', 'redeemed', 'expired'] as const
const voucherKey = z.tuple([z.int(), z.string()])
const FROM_THE_NEWEST = [Number.MAX_SAFE_INTEGER, ''] as const

const presented = z.strictObject({
  redeem_code: z.string().trim().min(1).max(100).describe("The till's promo code, or a voucher's own number."),
  voucher_no: z.string().trim().min(1).max(100).optional(),
  card_id: id('card').optional(),
  customer: z
    .strictObject({ id: id('c').optional(), phone: phone.optional(), email: email.optional() })
    .refine((who) => who.id ?? who.phone ?? who.email, { error: 'must have an id, a phone or an email' })
    .optional(),
})

const termsOrNone = z.strictObject(termsGiven).partial()
type TermsOrNone = z.output<typeof termsOrNone>

const use = { location_id: id('loc').optional(), receipt_id: receiptId.optional() }

const REDEEM_REFUSALS = [
  'managed_by_7stamp',
  'already_redeemed',
  'voucher_expired',
  'voucher_not_active',
  'own_voucher',
] as const

export const voucherRoutes = (needs: VoucherRoutesNeeds): readonly ApiCall[] => {
  const { db, history, own, desk, places, find } = needs

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

  /** Throws AppError: 'invalid_input' if nobody is named, or two are, and what `desk` throws. */
  const customerOf = async (
    caller: Caller,
    customerId: string | undefined,
    ref: z.output<typeof customerRef> | undefined,
    card: CardRow | null,
    now: number,
  ): Promise<CustomerRow> => {
    const named = card?.customerId ?? customerId
    if (named === undefined) {
      if (ref !== undefined) return desk.customerNamed(caller, ref, now)
      throw invalidInput([{ field: 'customer_id', message: 'is required, or card_id or customer' }])
    }
    if (ref !== undefined)
      throw invalidInput([{ field: 'customer', message: 'is not beside customer_id or card_id: name them once' }])
    if (customerId !== undefined && customerId !== named)
      throw invalidInput([{ field: 'customer_id', message: 'is not whose card it is: leave one of the two out' }])
    return desk.customer(caller, named)
  }

  const offerIn = async (
    caller: Caller,
    templateId: string | undefined,
    { title, ...terms }: TermsOrNone,
  ): Promise<VoucherOffer> => {
    if (templateId === undefined) {
      if (title === undefined) throw invalidInput([{ field: 'title', message: 'is required without a template_id' }])
      return { templateId: null, ...termsOf(termsJson.parse({ title, ...terms })) }
    }
    const own = Object.entries({ title, ...terms }).filter(([, value]) => value !== undefined)
    if (own.length === 0) return offerOf(await desk.voucherTemplate(caller, templateId))
    throw invalidInput(own.map(([field]) => ({ field, message: 'is the template’s: leave it or template_id out' })))
  }

  return [
    apiCall({
      method: 'POST',
      path: '/vouchers',
      tag: 'Vouchers',
      summary: 'Issue a voucher from a template, or one with terms of its own',
      may: STAFF,
      body: z.strictObject({
        customer_id: id('c').optional(),
        card_id: id('card').optional().describe('The customer is the one of this card.'),
        customer: customerRef.optional(),
        template_id: id('vt')
          .optional()
          .describe('Instead of terms of its own; of these, what is left out is as in a new template.'),
        ...termsOrNone.shape,
        location_id: id('loc').optional(),
      }),
      answer: voucherJson,
      examples: [
        {
          title: 'With terms of its own',
          body: { customer_id: 'c_example', title: 'A cake on us', validity: { kind: 'days', days: 30 } },
          status: 201,
        },
        { title: 'From a template', body: { card_id: 'card_example', template_id: 'vt_example' }, status: 201 },
      ],
      refusals: ['managed_by_7stamp', 'different_customers', 'customer_erased'],
      handle: async ({ caller, body, key, now }) => {
        const {
          card_id: cardId,
          customer_id: customerId,
          customer: ref,
          template_id: templateId,
          location_id: place,
          ...terms
        } = body
        const locationId = await places.locationIn(caller, place)
        const offer = await offerIn(caller, templateId, terms)
        const card = cardId === undefined ? null : await desk.card(caller, cardId)
        const customer = await customerOf(caller, customerId, ref, card, now)
        const issue = await own.issueVoucher({
          businessId: caller.businessId,
          customerId: customer.id,
          cardId: cardId ?? null,
          offer,
          key,
          origin: 'api',
          locationId,
          now,
        })
        if (issue.kind === 'refused') throw issueRefused(issue.reason, templateId)
        return { status: issue.isNew ? 201 : 200, body: presentVoucher(issue.voucher), customerId: customer.id }
      },
    }),
    apiCall({
      method: 'GET',
      path: '/vouchers/{id}',
      tag: 'Vouchers',
      summary: 'One voucher',
      may: STAFF,
      answer: voucherJson,
      examples: [{ title: 'One voucher', params: { id: 'v_example' }, status: 200 }],
      handle: async ({ caller, params }) => ({
        status: 200,
        body: presentVoucher(await desk.voucher(caller, params.id)),
      }),
    }),
    apiCall({
      method: 'GET',
      path: '/customers/{id}/vouchers',
      tag: 'Vouchers',
      summary: 'The vouchers of a customer, the newest first',
      may: STAFF,
      query: z.strictObject({ status: z.enum(STATES).optional(), ...pageQuery }),
      answer: pageOf(voucherJson),
      examples: [{ title: 'What can be used', params: { id: 'c_example' }, query: { status: 'active' }, status: 200 }],
      handle: async ({ caller, params, query: { status, limit, cursor } }) => {
        const { id: customerId } = await desk.customer(caller, params.id)
        const [beforeAt, beforeId] = cursor === undefined ? FROM_THE_NEWEST : readCursor(voucherKey, cursor)
        const states = JSON.stringify(status === undefined ? STATES : [status])
        const rows = await db.read(
          history.vouchersOfCustomer({ customerId, states, beforeAt, beforeId, limit: limit + 1 }),
        )
        return {
          status: 200,
          body: presentPage(rows, limit, (row) => [row.createdAt, row.id], presentVoucher),
        }
      },
    }),
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
        throw undoneNot(undo.reason)
      },
    }),
  ]
}

const undoneNot = (reason: 'not_found' | 'not_redeemed' | 'too_late' | 'managed_by_7stamp'): AppError => {
  switch (reason) {
    case 'not_found':
      return unknown('voucher')
    case 'managed_by_7stamp':
      return managedBy7stamp()
    case 'not_redeemed':
      return new AppError('not_redeemed', 'The voucher is not redeemed.')
    case 'too_late':
      return new AppError('too_late', 'It is too long ago to be taken back.')
  }
}

const issueRefused = (
  reason: (VoucherIssue & { kind: 'refused' })['reason'],
  templateId: string | undefined,
): AppError => {
  switch (reason) {
    case 'customer_not_found':
      return unknown('customer')
    case 'card_not_found':
      return unknown('card')
    case 'over':
      return invalidInput([
        templateId === undefined
          ? { field: 'validity.last_day', message: 'is over' }
          : { field: 'template_id', message: 'promises vouchers whose last day is over' },
      ])
    default:
      return assertNever(reason)
  }
}
