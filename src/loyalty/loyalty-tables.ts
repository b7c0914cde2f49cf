import { sql } from 'drizzle-orm'
import type { Kit } from '../db/kit.js'
import type { FieldTimes } from './freshness.js'
import type { Master } from './master.js'
import type { Increment } from './stamp-count.js'
import type { RedeemCodeFormat, RedemptionKind, VoucherState } from './transition.js'

export const loyaltyTables = (k: Kit) => {
  const customers = k.table(
    'customers',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      externalId: k.text('external_id'),
      walletPassId: k.text('wallet_pass_id'),
      name: k.text('name'),
      /** E.164 */
      phone: k.text('phone'),
      email: k.text('email'),
      /** `YYYY-MM-DD`, or `--MM-DD` where the year is not known. */
      birthday: k.text('birthday'),
      /** What events said; what the person chose in a chat is kept with the chat. */
      language: k.text('language'),
      /** When each field of the profile was said. */
      profileTimes: k.json('profile_times').$type<FieldTimes>().notNull(),
      /** Name, phone and email as a search compares them; written by the store. */
      search: k.text('search'),
      isDemo: k.bool('is_demo').notNull(),
      /** An erased person is an empty row that keeps the id, so that later events find it and create nobody. */
      erasedAt: k.int('erased_at'),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [
      k.index('customers_phone').on(t.businessId, t.phone),
      k.index('customers_email').on(t.businessId, t.email),
      k.index('customers_external_id').on(t.businessId, t.externalId),
      k.index('customers_newest').on(t.businessId, t.createdAt, t.id),
      // 7stamp's customers may share a phone; those that we make are known by it, however many ask at once.
      k.uniqueIndex('customers_own_phone').on(t.businessId, t.phone).where(sql`external_id is null`),
      k.uniqueIndex('customers_own_email').on(t.businessId, t.email).where(sql`external_id is null`),
      // Rows that are older than the column, until they are filled.
      k.index('customers_unsearchable').on(t.id).where(sql`search is null and erased_at is null`),
      k.index('customers_birthday').on(t.businessId, t.birthday).where(sql`birthday is not null`),
    ],
  )
  const cards = k.table(
    'cards',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      customerId: k.text('customer_id').notNull(),
      externalId: k.text('external_id'),
      master: k.text('master').$type<Master>().notNull(),
      templateExternalId: k.text('template_external_id'),
      title: k.text('title'),
      stampsGoal: k.int('stamps_goal'),
      /** Stamp counts that earn a reward; empty while unknown. */
      goals: k.json('goals').$type<readonly number[]>().notNull(),
      /** The goal its stamps count towards. */
      goalIndex: k.int('goal_index'),
      platform: k.text('platform'),
      /** Of our own cards, null for mirrored ones: the version of a template whose rules it was issued under. */
      templateId: k.text('template_id'),
      templateVersion: k.int('template_version'),
      /** By which people find it. */
      number: k.text('number'),
      /** What each goal earns, in words. */
      goalRewards: k.json('goal_rewards').$type<readonly string[]>(),
      /** All stamps that it ever got and that stand: the sum of its history. */
      stampsTotal: k.int('stamps_total'),
      /** What is left of amounts for the next stamp, in minor units. */
      carriedAmount: k.int('carried_amount'),
      /** When each of the fields above was said. */
      factTimes: k.json('fact_times').$type<FieldTimes>().notNull(),
      /** Null until an event or import carried a count. With `increments` it makes the count; see stamp-count.ts. */
      stamps: k.int('stamps'),
      /** When the newest count was true. */
      countsAt: k.int('counts_at').notNull(),
      /** Stamps that were added since without saying how many there are now. */
      increments: k.json('increments').$type<readonly Increment[]>().notNull(),
      createdAt: k.int('created_at').notNull(),
      /** When it was last used. */
      touchedAt: k.int('touched_at').notNull(),
    },
    (t) => [
      k.index('cards_of_customer').on(t.customerId),
      k.index('cards_external_id').on(t.businessId, t.externalId),
      k.index('cards_number').on(t.businessId, t.number).where(sql`number is not null`),
      k.index('cards_unnumbered').on(t.id).where(sql`number is null and master = 'own'`),
      k.index('cards_own_used').on(t.businessId, t.touchedAt).where(sql`master = 'own'`),
    ],
  )
  const vouchers = k.table(
    'vouchers',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      customerId: k.text('customer_id').notNull(),
      externalId: k.text('external_id'),
      master: k.text('master').$type<Master>().notNull(),
      /** Unique in the business; told to staff where a redeem code is shared by many vouchers. */
      number: k.text('number').notNull(),
      cardId: k.text('card_id'),
      title: k.text('title'),
      description: k.text('description'),
      redeemCode: k.text('redeem_code'),
      /** Empty while unknown. */
      redeemCodeFormats: k.json('redeem_code_formats').$type<readonly RedeemCodeFormat[]>().notNull(),
      expiresAt: k.int('expires_at'),
      redeemedVia: k.text('redeemed_via'),
      /** Of our own: the template it was made from, and who may redeem it. Null for a mirrored one. */
      templateId: k.text('template_id'),
      redemption: k.text('redemption').$type<RedemptionKind>(),
      /** When each of the fields above was said. */
      factTimes: k.json('fact_times').$type<FieldTimes>().notNull(),
      state: k.text('state').$type<VoucherState>().notNull(),
      /** When it came into this state. */
      stateAt: k.int('state_at').notNull(),
      /** When it was issued by its own event; null while it is only known from others that mention it. */
      issuedAt: k.int('issued_at'),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [
      k.index('vouchers_of_customer').on(t.customerId, t.state),
      k.index('vouchers_of_card').on(t.cardId),
      k.uniqueIndex('vouchers_number').on(t.businessId, t.number),
      k.index('vouchers_own_open').on(t.expiresAt).where(sql`master = 'own' and state in ('issued', 'active')`),
      k.index('vouchers_redeem_code').on(t.businessId, t.redeemCode),
    ],
  )
  /** By what an erased person is known again: HMACs, which say nothing without the master key. */
  const tombstones = k.table(
    'tombstones',
    { mark: k.text('mark').notNull(), customerId: k.text('customer_id').notNull() },
    (t) => [k.primaryKey({ columns: [t.mark, t.customerId] })],
  )
  return { customers, cards, vouchers, tombstones }
}

type Tables = ReturnType<typeof loyaltyTables>
export type CustomerRow = Omit<Tables['customers']['$inferSelect'], 'search'>
export type CardRow = Tables['cards']['$inferSelect']
export type VoucherRow = Tables['vouchers']['$inferSelect']
