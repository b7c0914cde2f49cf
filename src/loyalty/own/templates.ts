import { isDeepStrictEqual } from 'node:util'
import { type Bound, type Database, type Decision, demand } from '../../db/database.js'
import { type CardRules, promisedTemplates } from './card-rules.js'
import { newId } from './own-ids.js'
import type { CardTemplateRow, VoucherTemplateRow } from './own-tables.js'
import { isPast } from './redemption.js'
import type { TemplateStore } from './template-store.js'
import type { VoucherOffer, VoucherTerms } from './voucher-offer.js'

interface Save {
  readonly businessId: string
  /** The template that gets a new version; null for a new template. */
  readonly id: string | null
  /** Of the caller's request: the same key makes one new template. */
  readonly key: string | null
  /** Unix ms */
  readonly now: number
}

export type SavedTemplate<Row> =
  | { readonly kind: 'saved'; readonly template: Row }
  | { readonly kind: 'refused'; readonly reason: TemplateRefusal }

/**
 * `voucher_template_not_found`: a goal promises a voucher that the business does not have. `over`: the last day of its vouchers
 * is past already.
 */
type TemplateRefusal = 'not_found' | 'voucher_template_not_found' | 'over'

const refuse = <Row>(reason: TemplateRefusal): Decision<SavedTemplate<Row>> => ({
  writes: [],
  result: { kind: 'refused', reason },
})

/** Saves a card template, as version 1 or as the next one: cards go on under the version they were issued under. */
export const createSaveCardTemplate =
  (db: Database, store: TemplateStore) =>
  ({
    businessId,
    id,
    key,
    now,
    rules,
  }: Save & { readonly rules: CardRules }): Promise<SavedTemplate<CardTemplateRow>> =>
    db.atomically(
      {
        known: store.cardTemplate({ id: id ?? newId('ct', businessId, key) }),
        promised: store.voucherTemplates({ ids: JSON.stringify(promisedTemplates(rules)) }),
      },
      ({ known: [known], promised }): Decision<SavedTemplate<CardTemplateRow>> => {
        if (id === null && known) return { writes: [], result: { kind: 'saved', template: known } }
        if (id !== null && known?.businessId !== businessId) return refuse('not_found')
        const offered = promised.filter((template) => template.businessId === businessId).length
        if (offered < promisedTemplates(rules).length) return refuse('voucher_template_not_found')
        if (known && isSame(rules, rulesOf(known))) return { writes: [], result: { kind: 'saved', template: known } }
        const version = (known?.version ?? 0) + 1
        const template = { ...rules, id: id ?? newId('ct', businessId, key), version, businessId, createdAt: now }
        return { writes: [demand(1, store.addCardTemplate(template))], result: { kind: 'saved', template } }
      },
    )

/** Saves a voucher template; vouchers that were issued keep what they promised. */
export const createSaveVoucherTemplate =
  (
    db: Database,
    store: TemplateStore,
    businessById: (values: { id: string }) => Bound<readonly { readonly timeZone: string }[]>,
  ) =>
  async ({
    businessId,
    id,
    key,
    now,
    terms,
  }: Save & { readonly terms: VoucherTerms }): Promise<SavedTemplate<VoucherTemplateRow>> => {
    // luxon comes along, 4 MB that a process without vouchers to promise does not pay.
    const { lastMomentOf } = await import('./validity.js')
    return db.atomically(
      {
        known: store.voucherTemplates({ ids: JSON.stringify([id ?? newId('vt', businessId, key)]) }),
        business: businessById({ id: businessId }),
      },
      ({ known: [known], business: [business] }): Decision<SavedTemplate<VoucherTemplateRow>> => {
        if (id === null && known) return { writes: [], result: { kind: 'saved', template: known } }
        if (!business || (id !== null && known?.businessId !== businessId)) return refuse('not_found')
        if (known && isSame(terms, termsIn(known))) return { writes: [], result: { kind: 'saved', template: known } }
        // What has run out meanwhile may still be told in other words.
        const isNewPromise = !known || !isSame(terms.validity, known.validity)
        if (isNewPromise && isPast(lastMomentOf(terms.validity, now, business.timeZone), now)) return refuse('over')
        const version = (known?.version ?? 0) + 1
        const template = { ...terms, id: id ?? newId('vt', businessId, key), version, businessId, createdAt: now }
        return { writes: [demand(1, store.addVoucherTemplate(template))], result: { kind: 'saved', template } }
      },
    )
  }

/** The rules of cards that are issued under this version. */
export const rulesOf = ({ title, goals, stamping, afterLastGoal }: CardTemplateRow): CardRules => ({
  title,
  goals,
  stamping,
  afterLastGoal,
})

/** What a voucher of this template promises. */
export const offerOf = (template: VoucherTemplateRow): VoucherOffer => ({
  templateId: template.id,
  ...termsIn(template),
})

const termsIn = (template: VoucherTemplateRow): VoucherTerms => {
  const { title, description, redeemCode, formats, validity, redemption } = template
  return { title, description, redeemCode, formats, validity, redemption }
}

/** What changes nothing is no new version. */
const isSame = (one: object, other: object): boolean => isDeepStrictEqual(one, other)
