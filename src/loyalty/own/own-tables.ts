import { sql } from 'drizzle-orm'
import type { Kit } from '../../db/kit.js'
import type { RedeemCodeFormat, RedemptionKind } from '../transition.js'
import type { CardRules, Goal, Stamping } from './card-rules.js'
import type { Validity } from './voucher-offer.js'

export const ownTables = (k: Kit) => {
  /** Versions are only added: cards go on under the rules that they were issued under. */
  const cardTemplates = k.table(
    'card_templates',
    {
      id: k.text('id').notNull(),
      /** Counts from 1. */
      version: k.int('version').notNull(),
      businessId: k.text('business_id').notNull(),
      title: k.text('title').notNull(),
      goals: k.json('goals').$type<readonly Goal[]>().notNull(),
      stamping: k.json('stamping').$type<Stamping>().notNull(),
      afterLastGoal: k.text('after_last_goal').$type<CardRules['afterLastGoal']>().notNull(),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.id, t.version] }), k.index('card_templates_of_business').on(t.businessId)],
  )
  /** Vouchers are issued from the newest version. */
  const voucherTemplates = k.table(
    'voucher_templates',
    {
      id: k.text('id').notNull(),
      version: k.int('version').notNull(),
      businessId: k.text('business_id').notNull(),
      title: k.text('title').notNull(),
      description: k.text('description'),
      /** Null: each voucher has a code of its own. */
      redeemCode: k.text('redeem_code'),
      formats: k.json('formats').$type<readonly RedeemCodeFormat[]>().notNull(),
      validity: k.json('validity').$type<Validity>().notNull(),
      redemption: k.text('redemption').$type<RedemptionKind>().notNull(),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.id, t.version] }), k.index('voucher_templates_of_business').on(t.businessId)],
  )
  /** The history of our own cards: a card's total is the sum of what stands here. */
  const stamps = k.table(
    'stamps',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      customerId: k.text('customer_id').notNull(),
      cardId: k.text('card_id').notNull(),
      count: k.int('count').notNull(),
      /** In minor units of `currency`; null where only a count was given. */
      amount: k.int('amount'),
      /** How much more (or less) was left of amounts after it. */
      carriedChange: k.int('carried_change').notNull(),
      currency: k.text('currency'),
      receiptId: k.text('receipt_id'),
      source: k.text('source').notNull(),
      staffId: k.text('staff_id'),
      locationId: k.text('location_id'),
      at: k.int('at').notNull(),
      undoneAt: k.int('undone_at'),
    },
    (t) => [
      k.index('stamps_of_card').on(t.cardId, t.at),
      k.index('stamps_of_receipt').on(t.businessId, t.receiptId).where(sql`receipt_id is not null`),
      // A receipt counts once, unless what it gave was taken back.
      k
        .uniqueIndex('stamps_receipt_once')
        .on(t.businessId, t.receiptId)
        .where(sql`receipt_id is not null and undone_at is null`),
    ],
  )
  /** What goals have earned. */
  const rewards = k.table(
    'rewards',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      customerId: k.text('customer_id').notNull(),
      cardId: k.text('card_id').notNull(),
      stampId: k.text('stamp_id').notNull(),
      goalIndex: k.int('goal_index').notNull(),
      /** At how many of all stamps; with fewer it is taken back. */
      stampsTotal: k.int('stamps_total').notNull(),
      type: k.text('type').$type<'award' | 'voucher' | 'lottery'>().notNull(),
      title: k.text('title').notNull(),
      voucherId: k.text('voucher_id'),
      at: k.int('at').notNull(),
      takenBackAt: k.int('taken_back_at'),
      /** Its card was given back to 7stamp then: counted anew, the card's stamps say nothing of this one, and no undo takes it. */
      finalAt: k.int('final_at'),
    },
    (t) => [k.index('rewards_of_card').on(t.cardId, t.stampsTotal)],
  )
  /** Each lottery that was played, with all that is needed to compute it again. */
  const draws = k.table('draws', {
    /** The reward's: one is played once. */
    rewardId: k.text('reward_id').primaryKey(),
    id: k.text('id').notNull(),
    businessId: k.text('business_id').notNull(),
    customerId: k.text('customer_id').notNull(),
    cardId: k.text('card_id').notNull(),
    templateId: k.text('template_id').notNull(),
    templateVersion: k.int('template_version').notNull(),
    random: k.text('random').notNull(),
    seed: k.text('seed').notNull(),
    variantIndex: k.int('variant_index').notNull(),
    result: k.text('result').$type<'award' | 'voucher' | 'try_again' | 'no_prize'>().notNull(),
    voucherId: k.text('voucher_id'),
    at: k.int('at').notNull(),
  })
  /** Each time a voucher of our own was redeemed. */
  const redemptions = k.table(
    'redemptions',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      customerId: k.text('customer_id').notNull(),
      voucherId: k.text('voucher_id').notNull(),
      via: k.text('via').notNull(),
      /** Null when the customer redeemed it alone. */
      staffId: k.text('staff_id'),
      locationId: k.text('location_id'),
      receiptId: k.text('receipt_id'),
      /** Unix ms, as are all times here. */
      at: k.int('at').notNull(),
      undoneAt: k.int('undone_at'),
    },
    (t) => [
      k.index('redemptions_of_customer').on(t.customerId, t.at),
      // Once, unless it was taken back.
      k.uniqueIndex('redemptions_once').on(t.voucherId).where(sql`undone_at is null`),
    ],
  )
  /** What a business has chosen; without a row the usual. */
  const settings = k.table('loyalty_settings', {
    businessId: k.text('business_id').primaryKey(),
    /** After so many days without a visit a customer counts as away; 0 is never. */
    inactivityDays: k.int('inactivity_days').notNull(),
    /** So long may staff take back a mistake. */
    undoLimitMs: k.int('undo_limit_ms').notNull(),
  })
  /** The last local day whose scheduled events were all written. */
  const clockDays = k.table('loyalty_clock_days', {
    businessId: k.text('business_id').primaryKey(),
    day: k.text('day').notNull(),
  })
  return { settings, clockDays, cardTemplates, voucherTemplates, stamps, rewards, draws, redemptions }
}

type Tables = ReturnType<typeof ownTables>
export type RedemptionRow = Tables['redemptions']['$inferSelect']
export type SettingsRow = Tables['settings']['$inferSelect']
export type StampRow = Tables['stamps']['$inferSelect']
export type RewardRow = Tables['rewards']['$inferSelect']
export type DrawRow = Tables['draws']['$inferSelect']
export type CardTemplateRow = Tables['cardTemplates']['$inferSelect']
export type VoucherTemplateRow = Tables['voucherTemplates']['$inferSelect']
