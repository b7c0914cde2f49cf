import { asc } from 'drizzle-orm'
import { type Database, statement } from '../../src/db/database.js'
import { canonical } from '../../src/events/aliases.js'
import { type EventRow, eventTables } from '../../src/events/event-tables.js'
import { parseEvent } from '../../src/events/parse-event.js'
import { loyaltyTables } from '../../src/loyalty/loyalty-tables.js'
import { ownTables } from '../../src/loyalty/own/own-tables.js'
import { replay } from '../../src/loyalty/own/verify/replay.js'

/** All rows of our own, by table, each in the order of its ids. */
export const ownRows = async (db: Database) => {
  const { cards, vouchers } = db.tables(loyaltyTables)
  const { stamps, rewards, draws, redemptions } = db.tables(ownTables)
  return {
    cards: await db.read(statement('test all cards', (q) => q.select().from(cards).orderBy(asc(cards.id)))({})),
    vouchers: await db.read(
      statement('test all vouchers', (q) => q.select().from(vouchers).orderBy(asc(vouchers.id)))({}),
    ),
    stamps: await db.read(statement('test all stamps', (q) => q.select().from(stamps).orderBy(asc(stamps.id)))({})),
    rewards: await db.read(statement('test all rewards', (q) => q.select().from(rewards).orderBy(asc(rewards.id)))({})),
    draws: await db.read(statement('test all draws', (q) => q.select().from(draws).orderBy(asc(draws.id)))({})),
    redemptions: await db.read(
      statement('test all redemptions', (q) => q.select().from(redemptions).orderBy(asc(redemptions.id)))({}),
    ),
  }
}

/** The same as the journal alone gives them. */
export const replayedRows = async (db: Database) => {
  const { events } = db.tables(eventTables)
  const all = await db.read(statement('test own events', (q) => q.select().from(events).orderBy(asc(events.seq)))({}))
  const rows = replay(all.map(happened))
  return {
    cards: sorted(rows.cards),
    vouchers: sorted(rows.vouchers),
    stamps: sorted(rows.stamps),
    rewards: sorted(rows.rewards),
    draws: sorted(rows.draws),
    redemptions: sorted(rows.redemptions),
  }
}

const sorted = <Row extends { readonly id: string }>(rows: ReadonlyMap<string, Row>): Row[] =>
  [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1))

const happened = ({ id, businessId, customerId, occurredAt, receivedAt, body }: EventRow) => {
  const parsed = parseEvent(canonical(JSON.parse(String(body))), receivedAt)
  if (parsed.kind !== 'event' || customerId === null) throw new Error(`${id} is no event about a customer`)
  return { id, businessId, customerId, occurredAt, payload: parsed.event }
}
