import { describe, expect, test } from 'vitest'
import { accessTables } from '../../src/access/access-tables.js'
import { type Database, statement } from '../../src/db/database.js'
import { openCommandLine } from '../support/command-line.js'

describe('staff on the command line', () => {
  test('are added, listed and removed', async () => {
    const { run } = await openCommandLine()
    expect((await run('staff list')).empty).toContain('staff add <name> <role>')
    const { rows } = await run('staff add', 'Olena', 'cashier', '--login', 'olena')
    expect(rows).toEqual([expect.objectContaining({ name: 'Olena', login: 'olena', location: 'every', pin: 'no' })])
    expect((await run('staff list')).rows).toEqual(rows)
    const id = String(rows[0]?.id)
    expect(await run('staff remove', id)).toMatchObject({ rows: [], empty: 'Olena is no longer on the staff.' })
    expect(await run('staff remove', id)).toMatchObject({ failed: true, empty: expect.stringContaining('nobody') })
    expect((await run('audit verify')).rows).toEqual([expect.objectContaining({ state: 'whole', entries: 2 })])
  })

  test('get a PIN that is shown once and works, until it is taken away', async () => {
    const { run, foundation, businessId } = await openCommandLine()
    const { rows } = await run('staff add', 'Olena', 'cashier')
    const id = String(rows[0]?.id)
    const made = await run('staff pin', id)
    const pin = String(made.rows[0]?.pin)
    expect(pin).toMatch(/^\d{4}$/)
    const type = () =>
      foundation.access.cashierByPin({ businessId, locationId: null, chatId: 'chat_1', pin, now: Date.now() })
    expect(await type()).toMatchObject({ kind: 'cashier', staff: { id } })
    expect((await run('staff list')).rows).toEqual([expect.objectContaining({ pin: 'yes' })])
    expect((await run('staff pin', id, '--none')).empty).toBe('Olena has no PIN any more.')
    expect(await type()).toMatchObject({ kind: 'wrong' })
  })

  test('are told what to do about what cannot be', async () => {
    const { run } = await openCommandLine()
    await expect(run('staff add', 'Olena')).rejects.toThrow('staff add <name> <role>')
    await expect(run('staff add', 'Olena', 'boss')).rejects.toThrow('there are owner, marketer, cashier')
    await expect(run('staff add', 'Olena', 'cashier', '--shoe-size', '38')).rejects.toThrow('Use: npm run cli')
    await expect(run('staff pin', 'staff_1', '4711')).rejects.toThrow('--none')
    expect(await run('staff add', 'Max', 'marketer')).toMatchObject({
      failed: true,
      empty: expect.stringContaining('login'),
    })
    expect(await run('staff pin', 'staff_1')).toMatchObject({ failed: true })
  })
})

describe('audit verify', () => {
  test('names the first broken entry, and fails', async () => {
    const { run, foundation } = await openCommandLine()
    await run('staff add', 'Olena', 'cashier')
    await foundation.db.write(takeOutAll(foundation.db))
    expect(await run('audit verify')).toMatchObject({
      failed: true,
      rows: [{ state: 'broken', first_broken_entry: 1, why: 'missing' }],
    })
  })
})

const takeOutAll = (db: Database) => {
  const { auditEntries } = db.tables(accessTables)
  return statement('test take out all entries', (q) => q.delete(auditEntries))({})
}
