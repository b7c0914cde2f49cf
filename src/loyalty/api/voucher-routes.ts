import { z } from 'zod'
import type { Caller } from '../../access/authentication.js'
import { type ApiCall, apiCall } from '../../api/api-call.js'
import { customerRef, id } from '../../api/fields.js'
import { pageOf, pageQuery, presentPage, readCursor } from '../../api/paging.js'
import { STAFF } from '../../api/who-may.js'
import type { Database } from '../../db/database.js'
import { invalidInput } from '../../field-errors.js'
import type { CardRow, CustomerRow } from '../loyalty-tables.js'
import type { OwnCommands } from '../own/commands/own-commands.js'
import type { HistoryStore } from '../own/history-store.js'
import { offerOf } from '../own/templates.js'
import type { VoucherOffer } from '../own/voucher-offer.js'
import type { CustomerDesk } from './customer-desk.js'
import { voucherIssueRefused } from './own-refusals.js'
import type { Places } from './places.js'
import { termsGiven, termsJson, termsOf } from './terms-json.js'
import { presentVoucher, voucherJson } from './voucher-json.js'

export interface VoucherRoutesNeeds {
  readonly db: Database
  readonly history: HistoryStore
  readonly own: OwnCommands
  readonly desk: CustomerDesk
  readonly places: Places
}

const STATES = ['issued', 'active', 'redeemed', 'expired'] as const
const voucherKey = z.tuple([z.int(), z.string()])
const FROM_THE_NEWEST = [Number.MAX_SAFE_INTEGER, ''] as const

const termsOrNone = z.strictObject(termsGiven).partial()
type TermsOrNone = z.output<typeof termsOrNone>

export const voucherRoutes = (needs: VoucherRoutesNeeds): readonly ApiCall[] => {
  const { db, history, own, desk, places } = needs

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
        if (issue.kind === 'refused') throw voucherIssueRefused(issue.reason, templateId)
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
  ]
}
