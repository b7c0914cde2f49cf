import { z } from 'zod'
import { type ApiCall, apiCall } from '../../api/api-call.js'
import { id, time, timeOf } from '../../api/fields.js'
import { DESK, STAFF } from '../../api/who-may.js'
import type { Database } from '../../db/database.js'
import { invalidInput } from '../../field-errors.js'
import type { OwnCommands } from '../own/commands/own-commands.js'
import type { CardTemplateRow, VoucherTemplateRow } from '../own/own-tables.js'
import type { TemplateStore } from '../own/template-store.js'
import { rulesOf, type SavedTemplate } from '../own/templates.js'
import { type CustomerDesk, unknown } from './customer-desk.js'
import { presentRules, rulesFields, rulesIn } from './rules-json.js'
import { presentTerms, termsFields, termsGiven, termsOf } from './terms-json.js'

export interface TemplateRoutesNeeds {
  readonly db: Database
  readonly templates: TemplateStore
  readonly own: OwnCommands
  readonly desk: CustomerDesk
}

const version = z.int().describe('Counts from 1; cards keep the one they were issued under.')

const cardTemplateJson = z
  .strictObject({ id: id('ct'), version, ...rulesFields, created_at: time })
  .meta({ id: 'CardTemplate' })
const voucherTemplateJson = z
  .strictObject({ id: id('vt'), version: z.int(), ...termsFields, created_at: time })
  .meta({ id: 'VoucherTemplate' })

const COFFEE = {
  title: 'Coffee card',
  goals: [{ stamps: 6, reward: { kind: 'award', title: 'A coffee on us' } }],
  stamping: { kind: 'per_order' },
  after_last_goal: 'start_over',
}

export const templateRoutes = ({ db, templates, own, desk }: TemplateRoutesNeeds): readonly ApiCall[] => [
  apiCall({
    method: 'GET',
    path: '/card_templates',
    tag: 'Templates',
    summary: 'The card templates, the first made first; cards are issued from it unless another is named',
    may: STAFF,
    answer: z.strictObject({ data: z.array(cardTemplateJson) }),
    examples: [{ title: 'All', status: 200 }],
    handle: async ({ caller: { businessId } }) => ({
      status: 200,
      body: { data: (await db.read(templates.cardTemplatesOf({ businessId }))).map(presentCardTemplate) },
    }),
  }),
  apiCall({
    method: 'POST',
    path: '/card_templates',
    tag: 'Templates',
    summary: 'Make a card template',
    may: DESK,
    body: z.strictObject(rulesFields),
    answer: cardTemplateJson,
    examples: [{ title: 'Every sixth coffee', body: COFFEE, status: 201 }],
    handle: async ({ caller: { businessId }, body, key, now }) => {
      const saved = await own.saveCardTemplate({ businessId, id: null, key, now, rules: rulesIn(body) })
      return { status: 201, body: presentCardTemplate(templateIn(saved)) }
    },
  }),
  apiCall({
    method: 'GET',
    path: '/card_templates/{id}',
    tag: 'Templates',
    summary: 'The newest version of a card template',
    may: STAFF,
    answer: cardTemplateJson,
    examples: [{ title: 'One template', params: { id: 'ct_example' }, status: 200 }],
    handle: async ({ caller, params }) => ({
      status: 200,
      body: presentCardTemplate(await desk.cardTemplate(caller, params.id)),
    }),
  }),
  apiCall({
    method: 'PATCH',
    path: '/card_templates/{id}',
    tag: 'Templates',
    summary: 'Give a card template a new version, for cards that are issued from now on',
    may: DESK,
    body: z.strictObject(rulesFields).partial(),
    answer: cardTemplateJson,
    examples: [{ title: 'Another title', params: { id: 'ct_example' }, body: { title: 'Coffee & cake' }, status: 200 }],
    handle: async ({ caller, params, body, key, now }) => {
      const known = await desk.cardTemplate(caller, params.id)
      const rules = rulesIn({ ...presentRules(rulesOf(known)), ...given(body) })
      const saved = await own.saveCardTemplate({ businessId: known.businessId, id: known.id, key, now, rules })
      return { status: 200, body: presentCardTemplate(templateIn(saved)) }
    },
  }),
  apiCall({
    method: 'GET',
    path: '/voucher_templates',
    tag: 'Templates',
    summary: 'The voucher templates, the first made first',
    may: STAFF,
    answer: z.strictObject({ data: z.array(voucherTemplateJson) }),
    examples: [{ title: 'All', status: 200 }],
    handle: async ({ caller: { businessId } }) => ({
      status: 200,
      body: { data: (await db.read(templates.voucherTemplatesOf({ businessId }))).map(presentVoucherTemplate) },
    }),
  }),
  apiCall({
    method: 'POST',
    path: '/voucher_templates',
    tag: 'Templates',
    summary: 'Make a voucher template',
    may: DESK,
    body: z.strictObject(termsFields),
    answer: voucherTemplateJson,
    examples: [
      {
        title: 'A promo code of the till',
        body: { title: 'A coffee on us', redeem_code: 'COFFEE', validity: { kind: 'months', months: 1 } },
        status: 201,
      },
    ],
    handle: async ({ caller: { businessId }, body, key, now }) => {
      const saved = await own.saveVoucherTemplate({ businessId, id: null, key, now, terms: termsOf(body) })
      return { status: 201, body: presentVoucherTemplate(templateIn(saved)) }
    },
  }),
  apiCall({
    method: 'GET',
    path: '/voucher_templates/{id}',
    tag: 'Templates',
    summary: 'The newest version of a voucher template',
    may: STAFF,
    answer: voucherTemplateJson,
    examples: [{ title: 'One template', params: { id: 'vt_example' }, status: 200 }],
    handle: async ({ caller, params }) => ({
      status: 200,
      body: presentVoucherTemplate(await desk.voucherTemplate(caller, params.id)),
    }),
  }),
  apiCall({
    method: 'PATCH',
    path: '/voucher_templates/{id}',
    tag: 'Templates',
    summary: 'Change a voucher template; vouchers that were issued keep what they promised',
    may: DESK,
    body: z.strictObject(termsGiven).partial(),
    answer: voucherTemplateJson,
    examples: [
      { title: 'Another title', params: { id: 'vt_example' }, body: { title: 'A coffee and a cake' }, status: 200 },
    ],
    handle: async ({ caller, params, body, key, now }) => {
      const known = await desk.voucherTemplate(caller, params.id)
      const terms = termsOf({ ...presentTerms(known), ...given(body) })
      const saved = await own.saveVoucherTemplate({ businessId: known.businessId, id: known.id, key, now, terms })
      return { status: 200, body: presentVoucherTemplate(templateIn(saved)) }
    },
  }),
]

/** Without the fields that were left out. */
const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

const templateIn = <Row>(saved: SavedTemplate<Row>): Row => {
  if (saved.kind === 'saved') return saved.template
  if (saved.reason === 'not_found') throw unknown('template')
  if (saved.reason === 'over') throw invalidInput([{ field: 'validity.last_day', message: 'is over' }])
  throw invalidInput([{ field: 'goals', message: 'promise a voucher_template_id that the business does not have' }])
}

const presentCardTemplate = (row: CardTemplateRow): z.input<typeof cardTemplateJson> => ({
  id: row.id,
  version: row.version,
  ...presentRules(rulesOf(row)),
  created_at: timeOf(row.createdAt),
})

const presentVoucherTemplate = (row: VoucherTemplateRow): z.input<typeof voucherTemplateJson> => ({
  id: row.id,
  version: row.version,
  ...presentTerms(row),
  created_at: timeOf(row.createdAt),
})
