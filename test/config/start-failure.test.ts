import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import SqliteFile from 'better-sqlite3'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import { startFailure } from '../../src/start-failure.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stampcast-start-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const errorOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing went wrong')
}

/** A port of this machine where nobody listens. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

describe('what an operator can mend is one sentence with the fix', () => {
  test('a wrong configuration speaks for itself, however deep it lies', () => {
    const refusal = new AppError('misconfigured', 'Port 3000 is already in use. Set PORT to a free one.')
    expect(startFailure(refusal)).toBe(refusal.message)
    expect(startFailure(new Error('start', { cause: refusal }))).toBe(refusal.message)
  })

  test('DATA_DIR is a file', async () => {
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    const inTheWay = `${file} is not a folder: set DATA_DIR to another path, or move that file away.`
    expect(startFailure(await errorOf(() => mkdir(file, { recursive: true })))).toBe(inTheWay)
    expect(startFailure(await errorOf(() => mkdir(path.join(file, 'data'), { recursive: true })))).toContain(
      'is not a folder',
    )
  })

  test('DATA_DIR cannot be written, or the disk is full', () => {
    const failed = (code: string) => Object.assign(new Error(`${code}: write`), { code, path: '/srv/data' })
    expect(startFailure(failed('EACCES'))).toBe(
      '/srv/data cannot be written: give this user the right to it, or set DATA_DIR to a folder that is writable.',
    )
    expect(startFailure(failed('EROFS'))).toMatch(/^\/srv\/data cannot be written/)
    expect(startFailure(failed('ENOSPC'))).toMatch(/^The disk is full/)
    expect(startFailure(failed('SQLITE_FULL'))).toMatch(/^The disk is full/)
  })

  test('the database file cannot be opened, or is none', async () => {
    expect(startFailure(await errorOf(() => new SqliteFile(folder)))).toMatch(
      /^The database in DATA_DIR cannot be opened/,
    )
    const file = path.join(folder, 'text.sqlite')
    writeFileSync(file, 'not a database '.repeat(100))
    const error = await errorOf(() => new SqliteFile(file).pragma('journal_mode = WAL'))
    expect(startFailure(error)).toMatch(/is damaged or not a database/)
  })

  test('an extended code of SQLite counts as its plain one', () => {
    const error = Object.assign(new Error('attempt to write'), { code: 'SQLITE_READONLY_DIRECTORY' })
    expect(startFailure(error)).toMatch(/cannot be opened: give this user the right/)
  })

  test('no PostgreSQL at the address, under one IP address or several', async () => {
    const port = await freePort()
    for (const host of ['127.0.0.1', 'localhost']) {
      const error = await errorOf(() => new pg.Client(`postgres://u@${host}:${port}/d`).connect())
      expect(startFailure(new AppError('unavailable', 'the database is away', { cause: error }))).toMatch(
        new RegExp(`^Nothing answers at .+:${port}: start the server there, or correct DATABASE_URL or REDIS_URL`),
      )
    }
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', address: '::1', port })
    expect(startFailure(new AggregateError([refused, refused]))).toContain(`::1:${port}`)
  })

  test('PostgreSQL or Redis refuses the login', () => {
    expect(startFailure(Object.assign(new Error('no'), { code: '28P01' }))).toMatch(/DATABASE_URL/)
    expect(startFailure(new Error('WRONGPASS invalid username-password pair'))).toMatch(/REDIS_URL/)
  })

  test('something is away that may come back', () => {
    const away = new AppError('unavailable', 'the database cannot take it now')
    expect(startFailure(away)).toBe(away.message)
  })
})

test.for([
  new TypeError("Cannot read properties of undefined (reading 'id')"),
  new Error('constructor is not a thing to look up'),
  new AppError('conflict', 'two of them'),
  'a string',
  null,
])('a fault of the program keeps its stack: %s', (error) => {
  expect(startFailure(error)).toBeNull()
})
