import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openCommandLine } from '../support/command-line.js'

describe('owner create', () => {
  test('makes the first owner with a working key, once', async () => {
    const { run, foundation, businessId } = await openCommandLine()
    const { rows } = await run('owner create', 'Nina', 'nina@cafe.example')
    const [{ staff, key } = {}] = rows
    expect(await foundation.access.authenticate(`Bearer ${key}`, Date.now())).toMatchObject({
      kind: 'caller',
      caller: { businessId, staffId: staff, role: 'owner', login: 'nina@cafe.example', keyName: 'Nina' },
    })
    expect(await run('owner create', 'Ivan', 'ivan')).toMatchObject({
      failed: true,
      empty: expect.stringContaining('There is an owner'),
    })
  })

  test('says what is missing or wrong', async () => {
    const { run } = await openCommandLine()
    await expect(run('owner create', 'Nina')).rejects.toThrow('owner create <name> <login>')
    expect(await run('owner create', 'Nina', 'two words')).toMatchObject({
      failed: true,
      empty: expect.stringContaining('A login has'),
    })
  })
})

describe('keys on the command line', () => {
  test('are created, listed, regenerated and deleted', async () => {
    const { run, foundation } = await openCommandLine()
    expect((await run('keys list')).empty).toContain('keys create')
    const { rows: staff } = await run('staff add', 'Max', 'marketer', '--login', 'max')
    const { rows: made } = await run('keys create', String(staff[0]?.id), '--read-only')
    const [{ id, key } = {}] = made
    expect((await run('keys list')).rows).toEqual([
      {
        id,
        name: 'Max',
        login: 'max',
        key: `7loc_sc_…${String(key).slice(-4)}`,
        status: 'active',
        access: 'read',
        last_used: null,
      },
    ])
    const again = await run('keys regenerate', String(id))
    expect(await foundation.access.authenticate(`Bearer ${key}`, Date.now())).toMatchObject({ kind: 'refused' })
    expect(again.rows).toEqual([{ id, key: expect.stringMatching(/^7loc_sc_/) }])
    expect((await run('keys delete', String(id))).empty).toBe('The key is deleted.')
    expect((await run('keys list')).rows).toEqual([])
  })

  test('say what to do about what cannot be', async () => {
    const { run } = await openCommandLine()
    await expect(run('keys create')).rejects.toThrow('keys create <staff id>')
    await expect(run('keys create', 'staff_1', '--everything')).rejects.toThrow('--read-only')
    expect(await run('keys create', 'staff_1', '--name', 'x')).toMatchObject({ failed: true })
    expect(await run('keys regenerate', 'key_1')).toMatchObject({
      failed: true,
      empty: expect.stringContaining('no key'),
    })
    expect(await run('keys delete', 'key_1')).toMatchObject({ failed: true })
  })
})

test('no PIN and no key is in the database’s files, even while it is open', async () => {
  const { run, foundation, businessId, folder } = await openCommandLine()
  const { rows } = await run('owner create', 'Nina', 'nina')
  const [{ staff, key = '' } = {}] = rows
  const pin = '604913'
  await foundation.access.roster.setPin({ businessId, actor: 'cli', staffId: String(staff), pin })
  const typed = { businessId, locationId: null, chatId: 'chat_1', now: Date.now() }
  expect(await foundation.access.cashierByPin({ ...typed, pin })).toMatchObject({ kind: 'cashier' })
  await foundation.access.cashierByPin({ ...typed, pin: '604914' })
  await foundation.access.authenticate(`Bearer ${key}`, Date.now())

  const files = readdirSync(folder).filter((file) => file.includes('sqlite'))
  expect(files).toContain('stampcast.sqlite-wal')
  const stored = Buffer.concat(files.map((file) => readFileSync(join(folder, file))))
  expect(stored.includes('Nina')).toBe(true)
  // The key's last characters are what its list shows.
  for (const secret of [String(key), String(key).slice(8, -6), pin, '604914'])
    expect(stored.includes(secret)).toBe(false)
})
