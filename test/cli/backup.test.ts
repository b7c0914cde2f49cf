import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openCommandLine } from '../support/command-line.js'

const open = async (customers = 20) => {
  const line = await openCommandLine()
  const { foundation, businessId, folder, run } = line
  const rules = {
    title: 'Coffee',
    goals: [{ stamps: 8, reward: { kind: 'award', title: 'Free coffee' } }],
    stamping: { kind: 'per_order' },
    afterLastGoal: 'start_over',
  } as const
  await foundation.own.saveCardTemplate({ businessId, id: null, key: null, now: 1, rules })
  const file = join(folder, 'in.csv')
  const rows = Array.from({ length: customers }, (_, i) => `+38050${1_000_000 + i},${i % 9}\n`).join('')
  writeFileSync(file, `phone,stamps\n${rows}`)
  await run('import', file)
  const { database } = foundation.config
  if (database.kind !== 'sqlite') throw new Error('this test is about SQLite')
  return { ...line, to: join(folder, 'backups'), database: database.file }
}

describe('backup', () => {
  test('copies the database as it was at one moment, while others write', async () => {
    const { run, to, foundation, businessId } = await open(400)
    let isDone = false
    const writing = (async () => {
      for (let i = 0; !isDone; i++)
        await foundation.access.roster.addStaff({ businessId, actor: 'cli', name: `N${i}`, role: 'cashier' })
    })()
    const { rows } = await run('backup', to)
    isDone = true
    await writing
    const { file, sha256, bytes, master_key } = rows[0] ?? {}
    const copy = new SqliteFile(String(file), { readonly: true })
    expect(copy.prepare('select count(*) from customers').pluck().get()).toBe(400)
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
    copy.close()
    const note = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
    expect(note).toMatchObject({ sha256, bytes, integrity_check: 'ok', master_key_fingerprint: master_key })
    expect(statSync(String(file)).mode & 0o077).toBe(0)
    expect(readdirSync(to)).toHaveLength(2)
  })

  test('notes which master key it needs, and never the key', async () => {
    const { run, to, folder } = await open()
    await run('backup', to)
    const key = readFileSync(join(folder, 'master.key'), 'utf8').trim()
    for (const name of readdirSync(to)) expect(readFileSync(join(to, name)).includes(key)).toBe(false)
  })

  test('says where it cannot write, and leaves nothing there', async () => {
    const { run, folder } = await open()
    writeFileSync(join(folder, 'a file'), '')
    expect(await run('backup', join(folder, 'a file'))).toMatchObject({
      failed: true,
      empty: expect.stringContaining('file'),
    })
    expect(await run('backup', '/sys/backups')).toMatchObject({
      failed: true,
      empty: expect.stringContaining('in /sys/backups: '),
    })
    await expect(run('backup')).rejects.toThrow('backup <folder>')
    expect(existsSync(join(folder, 'a file.json'))).toBe(false)
  })
})

describe('verify', () => {
  test('finds everything whole', async () => {
    const { run } = await open()
    const { rows, failed } = await run('verify')
    expect(failed).toBe(false)
    expect(rows.map(({ check, state, detail }) => [check, state, detail])).toEqual([
      ['database', 'whole', 'integrity_check: ok'],
      ['audit log', 'whole', '0 entries'],
      ['own cards', 'whole', '20 cards of 20 customers'],
    ])
  })

  test('names the first card that is not as the journal tells', async () => {
    const { run, database } = await open()
    const file = new SqliteFile(database)
    const id = file.prepare('select id from cards order by customer_id limit 1').pluck().get()
    file.prepare('update cards set stamps_total = 99 where id = ?').run(id)
    expect((await run('verify')).rows[2]).toMatchObject({
      state: 'different',
      detail: expect.stringMatching(`cards: ${id} of c_.* differs in stampsTotal`),
    })
    file.prepare('delete from cards where id = ?').run(id)
    file.close()
    const { rows, failed } = await run('verify')
    expect(failed).toBe(true)
    expect(rows[2]).toMatchObject({ detail: expect.stringContaining(`cards: ${id}`) })
    expect(rows[2]?.detail).toContain('is not in both')
  })

  test('sees what was taken out of the audit log', async () => {
    const { run, database } = await open()
    await run('staff add', 'Nina', 'cashier')
    await run('staff add', 'Max', 'cashier')
    const file = new SqliteFile(database)
    file.prepare('delete from audit_entries where seq = 1').run()
    file.close()
    expect((await run('verify')).rows[1]).toMatchObject({ state: 'broken', detail: expect.stringContaining('entry 1') })
  })
})
