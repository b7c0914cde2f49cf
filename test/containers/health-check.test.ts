import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openInstallation } from '../support/program.js'
import { freePort } from '../support/server-process.js'

const checkHealth = (env: Readonly<Record<string, string>>) => {
  const installation = openInstallation({ redisUrl: 'redis://127.0.0.1:1' })
  onTestFinished(() => installation.close())
  return installation.checkHealth(env)
}

const openFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stampcast-alive-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a web process that nobody hears is not healthy', async () => {
  const { code, stderr } = await checkHealth({ ROLE: 'web', PORT: String(await freePort()) })
  expect(code).toBe(1)
  expect(stderr).toContain('/healthz does not answer')
})

test('a worker that has stopped touching its file is not healthy', async () => {
  const file = path.join(openFolder(), 'alive')
  writeFileSync(file, '')
  expect(await checkHealth({ ROLE: 'worker', ALIVE_FILE: file })).toMatchObject({ code: 0 })
  const aMinuteAgo = Date.now() / 1000 - 60
  utimesSync(file, aMinuteAgo, aMinuteAgo)
  const { code, stderr } = await checkHealth({ ROLE: 'worker', ALIVE_FILE: file })
  expect(code).toBe(1)
  expect(stderr).toMatch(/alive was touched 6\d s ago/)
})

test('a worker that has never touched its file, or has none, is not healthy, and the check says which', async () => {
  const missing = await checkHealth({ ROLE: 'worker', ALIVE_FILE: path.join(openFolder(), 'alive') })
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('no such file') })
  const none = await checkHealth({ ROLE: 'worker' })
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('ALIVE_FILE is not set') })
})
