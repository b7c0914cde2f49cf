import { and, asc, eq, gt, gte, isNull, lt, lte, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../../db/database.js'
import { adoptTables } from '../../adopt/adopt-tables.js'
import { loyaltyTables } from '../../loyalty-tables.js'
import { ownTables } from '../own-tables.js'

/** The statements by which scheduled events are found. */
export type ClockStore = ReturnType<typeof createClockStore>

export const createClockStore = (db: Database) => {
  const { customers, cards, vouchers } = db.tables(loyaltyTables)
  const { clockDays, redemptions } = db.tables(ownTables)
  const { adopted } = db.tables(adoptTables)
  const isOwn = sql`${cards.master} = 'own'`
  return {
    lastDay: statement('last day of business', (q, v: Values<{ businessId: string }>) =>
      q.select({ day: clockDays.day }).from(clockDays).where(eq(clockDays.businessId, v.businessId)),
    ),
    rememberDay: statement('remember day of business', (q, v: Values<{ businessId: string; day: string }>) =>
      q
        .insert(clockDays)
        .values({ businessId: v.businessId, day: v.day })
        .onConflictDoUpdate({ target: clockDays.businessId, set: { day: v.day } }),
    ),
    /** Vouchers of our own whose time is over, and that nobody was told of. */
    overdueVouchers: statement('overdue vouchers', (q, v: Values<{ now: number; limit: number }>) =>
      q
        .select()
        .from(vouchers)
        .where(
          and(
            sql`${vouchers.master} = 'own' and ${vouchers.state} in ('issued', 'active')`,
            lte(vouchers.expiresAt, v.now),
          ),
        )
        .orderBy(asc(vouchers.expiresAt), asc(vouchers.id))
        .limit(v.limit),
    ),
    /**
     * Customers with a card of our own since before `since`, with one of these birthdays (a JSON array), by id. Without those
     * whose card was 7stamp's at `dayFrom`: 7stamp has congratulated them.
     */
    bornOn: statement(
      'customers born on',
      (
        q,
        v: Values<{
          businessId: string
          birthdays: string
          dayFrom: number
          since: number
          afterId: string
          limit: number
        }>,
      ) =>
        q
          .select({ id: customers.id })
          .from(customers)
          .where(
            and(
              eq(customers.businessId, v.businessId),
              gt(customers.id, v.afterId),
              isNull(customers.erasedAt),
              db.kit.oneOf(customers.birthday, v.birthdays),
              sql`exists (select 1 from ${cards} where ${cards.customerId} = ${customers.id} and ${isOwn}
                and ${cards.createdAt} < ${v.since})`,
              sql`not exists (select 1 from ${adopted} where ${adopted.customerId} = ${customers.id}
                and ${adopted.adoptedAt} >= ${v.dayFrom})`,
            ),
          )
          .orderBy(asc(customers.id))
          .limit(v.limit),
    ),
    /**
     * Cards of our own that were used last within this time, by customers who have been seen nowhere since, by id. Of a
     * customer's cards the one used last. One that had been left for `awayMs` when it was taken over from 7stamp is told of
     * by nobody: 7stamp has told.
     */
    leftAlone: statement(
      'cards left alone',
      (
        q,
        v: Values<{ businessId: string; from: number; to: number; awayMs: number; afterId: string; limit: number }>,
      ) =>
        q
          .select({ id: cards.id, customerId: cards.customerId, touchedAt: cards.touchedAt })
          .from(cards)
          .where(
            and(
              eq(cards.businessId, v.businessId),
              isOwn,
              gte(cards.touchedAt, v.from),
              lt(cards.touchedAt, v.to),
              sql`${cards.countsAt} - ${cards.touchedAt} < ${v.awayMs}`,
              gt(cards.id, v.afterId),
              sql`not exists (select 1 from cards other where other.customer_id = ${cards.customerId}
                and (other.touched_at > ${cards.touchedAt}
                  or (other.touched_at = ${cards.touchedAt} and other.id > ${cards.id})))`,
              sql`not exists (select 1 from ${redemptions} where ${redemptions.customerId} = ${cards.customerId}
                and ${redemptions.at} >= ${v.to})`,
            ),
          )
          .orderBy(asc(cards.id))
          .limit(v.limit),
    ),
  }
}
