import { execFile } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadMasterKey } from '../../src/master-key.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stampcast-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const keyFile = () => path.join(folder, 'data', 'master.key')
const load = () => loadMasterKey({ source: 'file', file: keyFile() }).export()

test('the key of the environment is taken, and no file is written', () => {
  const key = createSecretKey(Buffer.alloc(32, 1))
  expect(loadMasterKey({ source: 'environment', key })).toBe(key)
  expect(readdirSync(folder)).toEqual([])
})

test('the first start creates a key that only this user reads, and later starts find it', () => {
  const key = load()
  expect(key).toHaveLength(32)
  expect(load()).toEqual(key)
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600)
  expect(readdirSync(path.dirname(keyFile()))).toEqual(['master.key'])
})

test('two installations have different keys', () => {
  const first = load()
  rmSync(keyFile())
  expect(load()).not.toEqual(first)
})

test('processes that start together read the same key', async () => {
  const script = `
    import { loadMasterKey } from ${JSON.stringify(new URL('../../dist/src/master-key.js', import.meta.url).href)}
    process.stdout.write(loadMasterKey({ source: 'file', file: ${JSON.stringify(keyFile())} }).export().toString('hex'))`
  const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  const keys = new Set((await Promise.all(Array.from({ length: 8 }, start))).map(({ stdout }) => stdout))
  expect([...keys]).toEqual([load().toString('hex')])
})

test.for(['', 'half a key', '0'.repeat(63)])('a damaged file (%j) is refused, not replaced', (text) => {
  load()
  writeFileSync(keyFile(), text)
  expect(load).toThrow(/master\.key does not hold a master key: put it back from a backup/)
  expect(readFileSync(keyFile(), 'utf8')).toBe(text)
})

test('a folder that cannot be made is reported as what it is', () => {
  writeFileSync(path.join(folder, 'data'), '')
  expect(load).toThrow(/ENOTDIR|EEXIST/)
})
