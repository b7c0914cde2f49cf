import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { openPostgres } from '../../src/db/postgres.js'
import { openSqlite } from '../../src/db/sqlite.js'
import { createBackfill } from '../../src/loyalty/backfill.js'
import { searchPatterns } from '../../src/loyalty/customer-search.js'
import { createCustomerStore } from '../../src/loyalty/customer-store.js'
import { createLookupStore } from '../../src/loyalty/lookup-store.js'
import { createLoyaltyStore } from '../../src/loyalty/loyalty-store.js'
import { shortNumberOf } from '../../src/loyalty/numbers.js'
import { describeWith } from '../support/engines.js'
import { writeOlderPostgres, writeOlderSqlite } from '../support/older-database.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'

const BUSINESS = 'b_cafe'
/** The migration that added the columns. */
const ADDED_BY = '0016'
const GUESTS = 1_203

const customer = (id: string, name: string, erasedAt: number | null = null) =>
  `insert into customers (id, business_id, name, profile_times, is_demo, erased_at, created_at)
   values ('${id}', '${BUSINESS}', ${erasedAt === null ? `'${name}'` : 'null'}, '{}', ${FALSE}, ${erasedAt}, 1)`
const card = (id: string, master: 'own' | '7stamp') =>
  `insert into cards (id, business_id, customer_id, external_id, master, goals, fact_times, counts_at, increments, created_at, touched_at)
   values ('${id}', '${BUSINESS}', 'c_olena', ${master === 'own' ? 'null' : `'${id}'`}, '${master}', '[]', '{}', 1, '[]', 1, 1)`
/** Both databases read it as false. */
const FALSE = "'0'"

const ROWS = [
  customer('c_olena', 'ОЛЕНА Коваль'),
  customer('c_erased', '', 5),
  card('card_own', 'own'),
  card('card_mirrored', '7stamp'),
  ...Array.from({ length: GUESTS }, (_, index) => customer(`c_${index}`, `Guest ${index}`)),
]

const behavesOn = (name: string, open: () => Promise<Database>) => {
  test(`${name}: whoever was there before is found by name, and own cards by their number`, async () => {
    const db = await open()
    onTestFinished(() => db.close())
    const businessIds = JSON.stringify([BUSINESS])
    const lookups = createLookupStore(db)
    const [a, b, c, d] = searchPatterns('коваль олена')
    const find = async () => {
      const page = { beforeAt: Number.MAX_SAFE_INTEGER, beforeId: '', limit: 9 }
      const found = await db.read(createCustomerStore(db).page({ businessIds, a, b, c, d, ...page }))
      return found.map(({ id }) => id)
    }
    const owners = async () => db.read(lookups.ownersOfNumber({ businessIds, number: shortNumberOf('card_own') }))
    expect(await find()).toEqual([])
    expect(await owners()).toEqual([])

    const backfill = createBackfill(db)
    const rounds: number[] = []
    do rounds.push(await backfill())
    while (rounds.at(-1) !== 0)
    expect(rounds).toEqual([501, 500, 204, 0])
    expect(await find()).toEqual(['c_olena'])
    expect(await owners()).toHaveLength(1)
    const [mirrored] = await db.read(createLoyaltyStore(db).cardById({ id: 'card_mirrored' }))
    expect(mirrored?.number).toBeNull()
  })
}

describe('rows from before the columns “search” and “number”', () => {
  behavesOn('SQLite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stampcast-older-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeOlderSqlite(join(folder, 'older.sqlite'), ADDED_BY, ROWS)
    return openSqlite(join(folder, 'older.sqlite'), systemClock)
  })

  describeWith('PostgreSQL', postgresMissing(), () => {
    behavesOn('PostgreSQL', async () => {
      const server = await startPostgres()
      onTestFinished(() => server.close())
      const url = await server.createDatabase('older')
      await writeOlderPostgres(url, ADDED_BY, ROWS)
      return openPostgres(url, systemClock)
    })
  })
})
