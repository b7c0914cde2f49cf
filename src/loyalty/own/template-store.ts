import { and, asc, eq, sql } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../../db/database.js'
import { ownTables } from './own-tables.js'

/** The statements of card and voucher templates. */
export type TemplateStore = ReturnType<typeof createTemplateStore>

export const createTemplateStore = (db: Database) => {
  const { cardTemplates, voucherTemplates } = db.tables(ownTables)
  const { oneOf } = db.kit
  const isNewestCard = sql`${cardTemplates.version} = (
    select max(newer.version) from card_templates newer where newer.id = ${cardTemplates.id})`
  const isNewestVoucher = sql`${voucherTemplates.version} = (
    select max(newer.version) from voucher_templates newer where newer.id = ${voucherTemplates.id})`
  return {
    /** The newest version of each, the oldest template first. */
    cardTemplatesOf: statement('card templates of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select()
        .from(cardTemplates)
        .where(and(eq(cardTemplates.businessId, v.businessId), isNewestCard))
        .orderBy(asc(cardTemplates.createdAt), asc(cardTemplates.id)),
    ),
    cardTemplate: statement('card template', (q, v: Values<{ id: string }>) =>
      q
        .select()
        .from(cardTemplates)
        .where(and(eq(cardTemplates.id, v.id), isNewestCard)),
    ),
    /** One version, which never changes. */
    cardTemplateAt: statement('card template at version', (q, v: Values<{ id: string; version: number }>) =>
      q
        .select()
        .from(cardTemplates)
        .where(and(eq(cardTemplates.id, v.id), eq(cardTemplates.version, v.version))),
    ),
    addCardTemplate: insertion('add card template', cardTemplates, { ignoreExisting: true }),

    voucherTemplatesOf: statement('voucher templates of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select()
        .from(voucherTemplates)
        .where(and(eq(voucherTemplates.businessId, v.businessId), isNewestVoucher))
        .orderBy(asc(voucherTemplates.createdAt), asc(voucherTemplates.id)),
    ),
    /** The newest version of each of these (a JSON array of ids). */
    voucherTemplates: statement('voucher templates', (q, v: Values<{ ids: string }>) =>
      q
        .select()
        .from(voucherTemplates)
        .where(and(oneOf(voucherTemplates.id, v.ids), isNewestVoucher)),
    ),
    addVoucherTemplate: insertion('add voucher template', voucherTemplates, { ignoreExisting: true }),
  }
}
