import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stampcast-env-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a process of its own, started in `folder`, makes of its environment. */
const load = (env: Record<string, string>) => {
  const script = `
    import { loadConfig } from ${JSON.stringify(new URL('../../dist/src/config.js', import.meta.url).href)}
    try {
      const { http, business, dataDir } = loadConfig()
      console.log(JSON.stringify({ port: http.port, name: business.name, color: business.color, dataDir }))
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message }))
    }`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  })
  return JSON.parse(stdout)
}

test('without .env the environment alone counts', () => {
  expect(load({ PORT: '4000' })).toMatchObject({ port: 4000, name: null, dataDir: path.join(folder, 'data') })
})

test('.env is read, with quotes and comments, and the environment comes first', () => {
  writeFileSync(
    path.join(folder, '.env'),
    '# a comment\nPORT=4000\nBUSINESS_NAME="Кав’ярня #1"\nBUSINESS_COLOR="#00aaff"\r\nDATA_DIR=../elsewhere\n',
  )
  expect(load({ PORT: '5000' })).toEqual({
    port: 5000,
    name: 'Кав’ярня #1',
    color: '#00aaff',
    dataDir: path.join(path.dirname(folder), 'elsewhere'),
  })
})

test('a variable that the environment sets to nothing is unset, whatever .env says', () => {
  writeFileSync(path.join(folder, '.env'), 'BUSINESS_NAME=Corner Coffee\n')
  expect(load({ BUSINESS_NAME: '' })).toMatchObject({ name: null })
})

test('a .env that cannot be read is an error, not an empty one', () => {
  mkdirSync(path.join(folder, '.env'))
  expect(load({})).toMatchObject({
    code: 'misconfigured',
    message: expect.stringMatching(/^The file \.env cannot be read/),
  })
})

test('STAMPCAST_HOME is where .env and data are, whatever the working directory is', () => {
  const home = path.join(folder, 'home')
  mkdirSync(home)
  writeFileSync(path.join(home, '.env'), 'PORT=4001')
  writeFileSync(path.join(folder, '.env'), 'PORT=4002')
  expect(load({ STAMPCAST_HOME: home })).toMatchObject({ port: 4001, dataDir: path.join(home, 'data') })
  expect(load({})).toMatchObject({ port: 4002, dataDir: path.join(folder, 'data') })
})
