import { and, asc, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import { type Bound, type Database, demand, insertion, statement, type Values } from '../../db/database.js'
import type { LoyaltyStore } from '../loyalty-store.js'
import { loyaltyTables } from '../loyalty-tables.js'
import type { OwnRows } from './own-rows.js'
import { ownTables, type RedemptionRow, type RewardRow, type SettingsRow, type StampRow } from './own-tables.js'

/** The statements of what only our own cards and vouchers have. */
export type OwnStore = ReturnType<typeof createOwnStore>

export const createOwnStore = (db: Database) => {
  const { settings, redemptions, stamps, rewards, draws } = db.tables(ownTables)
  const { cards, vouchers } = db.tables(loyaltyTables)
  /** What a card loses if `count` stamps are taken from what it has now. Its row, locked before, keeps that from changing. */
  const isLost = (v: Values<{ cardId: string; count: number }>) =>
    and(
      eq(rewards.cardId, v.cardId),
      isNull(rewards.takenBackAt),
      isNull(rewards.finalAt),
      gt(rewards.stampsTotal, sql`${cards.stampsTotal} - ${v.count}`),
    )
  return {
    settingsOf: statement('loyalty settings', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ inactivityDays: settings.inactivityDays, undoLimitMs: settings.undoLimitMs })
        .from(settings)
        .where(eq(settings.businessId, v.businessId)),
    ),
    saveSettings: statement('save loyalty settings', (q, v: Values<SettingsRow>) =>
      q
        .insert(settings)
        .values({ businessId: v.businessId, inactivityDays: v.inactivityDays, undoLimitMs: v.undoLimitMs })
        .onConflictDoUpdate({
          target: settings.businessId,
          set: { inactivityDays: v.inactivityDays, undoLimitMs: v.undoLimitMs },
        }),
    ),
    /** The one that stands. The voucher's row, locked before, keeps it from changing. */
    redemptionOf: statement('redemption of voucher', (q, v: Values<{ voucherId: string }>) =>
      q
        .select()
        .from(redemptions)
        .where(and(eq(redemptions.voucherId, v.voucherId), isNull(redemptions.undoneAt))),
    ),
    redemptionById: statement('redemption by id', (q, v: Values<{ id: string }>) =>
      q.select().from(redemptions).where(eq(redemptions.id, v.id)),
    ),
    addRedemption: insertion('add redemption', redemptions, { ignoreExisting: true }),
    saveRedemption: statement('save redemption', (q, v: Values<RedemptionRow>) =>
      q.update(redemptions).set({ undoneAt: v.undoneAt }).where(eq(redemptions.id, v.id)),
    ),

    stampById: statement('stamp by id', (q, v: Values<{ id: string }>) =>
      q.select().from(stamps).where(eq(stamps.id, v.id)),
    ),
    /** Undone ones too, the oldest first. */
    stampsOfReceipt: statement('stamps of receipt', (q, v: Values<{ businessId: string; receiptId: string }>) =>
      q
        .select()
        .from(stamps)
        .where(
          and(
            eq(stamps.businessId, v.businessId),
            eq(stamps.receiptId, v.receiptId),
            // Or the partial index is not used.
            sql`${stamps.receiptId} is not null`,
          ),
        )
        .orderBy(asc(stamps.at)),
    ),
    /** What the card's stamps that stand have left of amounts, and taken of what was left, without one of them. */
    carriedByOthers: statement('carried by other stamps', (q, v: Values<{ cardId: string; stampId: string }>) =>
      q
        .select({ carried: sql<number>`coalesce(sum(${stamps.carriedChange}), 0)`.mapWith(Number) })
        .from(stamps)
        .where(and(eq(stamps.cardId, v.cardId), ne(stamps.id, v.stampId), isNull(stamps.undoneAt))),
    ),
    /** The receipt of a stamp that stands is in it once: whoever demands the row learns that another stamp was first. */
    addStamp: insertion('add stamp', stamps, { ignoreExisting: true }),
    saveStamp: statement('save stamp', (q, v: Values<StampRow>) =>
      q.update(stamps).set({ undoneAt: v.undoneAt }).where(eq(stamps.id, v.id)),
    ),

    rewardById: statement(
      'locked reward',
      (q, v: Values<{ id: string }>) => q.select().from(rewards).where(eq(rewards.id, v.id)),
      { mode: 'update' },
    ),
    rewardsLost: statement(
      'rewards lost',
      (q, v: Values<{ cardId: string; count: number }>) =>
        q
          .select({ reward: rewards, drawnAt: draws.at })
          .from(rewards)
          .innerJoin(cards, eq(cards.id, rewards.cardId))
          .leftJoin(draws, eq(draws.rewardId, rewards.id))
          .where(isLost(v))
          .orderBy(asc(rewards.id)),
      { mode: 'update', of: rewards },
    ),
    vouchersLost: statement(
      'vouchers lost',
      (q, v: Values<{ cardId: string; count: number }>) =>
        q
          .select({ voucher: vouchers })
          .from(rewards)
          .innerJoin(cards, eq(cards.id, rewards.cardId))
          .innerJoin(vouchers, eq(vouchers.id, rewards.voucherId))
          .where(isLost(v))
          .orderBy(asc(vouchers.id)),
      { mode: 'update', of: vouchers },
    ),
    addReward: insertion('add reward', rewards, { ignoreExisting: true }),
    saveReward: statement('save reward', (q, v: Values<RewardRow>) =>
      q.update(rewards).set({ takenBackAt: v.takenBackAt, finalAt: v.finalAt }).where(eq(rewards.id, v.id)),
    ),

    drawOf: statement('draw of reward', (q, v: Values<{ rewardId: string }>) =>
      q.select().from(draws).where(eq(draws.rewardId, v.rewardId)),
    ),
    addDraw: insertion('add draw', draws, { ignoreExisting: true }),
  }
}

/** The writes that turn `before` into `after`. A row that is new is demanded, so whoever comes second decides again. */
export const changesOf = (
  loyalty: LoyaltyStore,
  own: OwnStore,
  before: OwnRows,
  after: OwnRows,
): readonly Bound<unknown>[] => [
  ...differences(before.cards, after.cards, loyalty.addCard, loyalty.saveCard),
  ...differences(before.vouchers, after.vouchers, loyalty.addVoucher, loyalty.saveVoucher),
  ...differences(before.redemptions, after.redemptions, own.addRedemption, own.saveRedemption),
  ...differences(before.stamps, after.stamps, own.addStamp, own.saveStamp),
  ...differences(before.rewards, after.rewards, own.addReward, own.saveReward),
  ...differences(before.draws, after.draws, own.addDraw, own.addDraw),
]

const differences = <Row>(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
  add: (row: Row) => Bound<unknown>,
  save: (row: Row) => Bound<unknown>,
): Bound<unknown>[] =>
  [...after].flatMap(([id, row]) => {
    const known = before.get(id)
    if (known === row) return []
    return [demand(1, known === undefined ? add(row) : save(row))]
  })
