import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Environment } from '../support/program.js'
import { freePort } from '../support/server-process.js'
import { type Cafe, openCafe } from './open-cafe.js'

/** One sentence (or two) on one line, and nothing else. */
const expectRefusal = async ({ installation }: Cafe, env: Environment, words: RegExp) => {
  const { code, stdout, stderr } = await installation.startInVain(env)
  expect(stderr.trimEnd()).toMatch(words)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(code).toBe(1)
}

describe('a start that cannot succeed says in one sentence what to do', () => {
  test('when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const address = taken.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    await expectRefusal(await openCafe(), { PORT: port }, new RegExp(`^Port ${port} is already in use\\. Set PORT`))
  })

  test('when Telegram does not know the token', async () => {
    const wrong = { TELEGRAM_BOT_TOKEN: '987654321:AAzzYYxxWWvvUUttSSrrQQppOOnnMMllKKj' }
    await expectRefusal(
      await openCafe(),
      wrong,
      /^Telegram knows no bot with this token: copy it again from @BotFather/,
    )
  })

  test('when DATA_DIR cannot be written', async () => {
    const cafe = await openCafe()
    await expectRefusal(cafe, { DATA_DIR: unwritableFolder(cafe) }, /cannot be written: .+ set DATA_DIR/)
  })

  test('when DATA_DIR is a file', async () => {
    const cafe = await openCafe()
    const file = join(dirname(cafe.installation.dataDir), 'file')
    writeFileSync(file, '')
    await expectRefusal(cafe, { DATA_DIR: file }, /is not a folder: set DATA_DIR/)
  })

  test('when a setting makes no sense', async () => {
    await expectRefusal(await openCafe(), { PORT: 'http' }, /^The setting PORT must be a whole number/)
  })

  test('when nothing is written in the business’s language', async () => {
    const unknown = { BUSINESS_LANGUAGE: 'xx' }
    await expectRefusal(await openCafe(), unknown, /^The setting BUSINESS_LANGUAGE must be one of de, en, .+uk: /)
  })

  test('when PostgreSQL is away', async () => {
    const away = `postgres://127.0.0.1:${await freePort()}/cafe`
    const env = { DATABASE_URL: away, MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    await expectRefusal(await openCafe(), env, /^Nothing answers at 127\.0\.0\.1:\d+: .+ DATABASE_URL/)
  })
})

/** Root may write anywhere but into the kernel's own tree. */
const unwritableFolder = ({ installation }: Cafe): string => {
  if (process.getuid?.() === 0) return '/sys/stampcast'
  const folder = join(dirname(installation.dataDir), 'closed')
  mkdirSync(folder)
  chmodSync(folder, 0o500)
  return join(folder, 'data')
}
