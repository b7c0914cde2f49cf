import { createSecretKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sealedBody } from '../../bots/chats/sealed-updates.js'
import { setUpFirstBusiness } from '../../src/business/first-business.js'
import { createSealing } from '../../src/business/sealing.js'
import { SECRETS_COMMANDS } from '../../src/cli/secrets-commands.js'
import { readConfig } from '../../src/config.js'
import { openFoundation } from '../../src/main/foundation.js'

const NEXT_KEY = Buffer.alloc(32, 9).toString('base64')

const openFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const machine = { workingDir: folder, timeZone: 'Europe/Kyiv', readFile: () => Buffer.alloc(0) }
  const configOf = (env: Record<string, string>) =>
    readConfig({ DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'silent', ...env }, machine)
  return {
    former: () => readFileSync(join(folder, 'master.key'), 'utf8').trim(),
    rotate: async (env: Record<string, string>) => SECRETS_COMMANDS['secrets rotate']?.runOffline(configOf(env)),
    /** Starts on this folder, does `work`, and ends. */
    start: async <T>(env: Record<string, string>, work: (started: Started) => Promise<T>): Promise<T> => {
      const foundation = await openFoundation(configOf(env), fileURLToPath(new URL('../../locales/', import.meta.url)))
      try {
        const first = await setUpFirstBusiness({ ...foundation, store: foundation.businesses })
        return await work({ foundation, ...first })
      } finally {
        await foundation.close()
      }
    },
  }
}

interface Started {
  readonly foundation: Awaited<ReturnType<typeof openFoundation>>
  readonly id: string
  readonly webhookToken: string
}

describe('secrets rotate', () => {
  test('takes the program from the key that it made to one of the environment; PINs and webhook address stay', async () => {
    const { start, former, rotate } = openFolder()
    const typed = { locationId: null, chatId: 'chat_1', pin: '4711', now: 0 }
    const before = await start({}, async ({ foundation, id: businessId, webhookToken }) => {
      const nina = { businessId, actor: 'cli', name: 'Nina', role: 'cashier' as const, pin: typed.pin }
      await foundation.access.roster.addStaff(nina)
      return webhookToken
    })
    const env = { MASTER_KEY: NEXT_KEY, MASTER_KEY_OLD: former() }
    expect(await rotate(env)).toMatchObject({ rows: [{ state: 'rotated', secrets: 1 }] })
    await start({ MASTER_KEY: NEXT_KEY }, async ({ foundation, id: businessId, webhookToken }) => {
      expect(webhookToken).toBe(before)
      expect(await foundation.access.cashierByPin({ businessId, ...typed })).toMatchObject({ kind: 'cashier' })
    })
    expect(await rotate(env)).toMatchObject({ rows: [], empty: expect.stringContaining('already') })
  })

  test('says how much of what people wrote it could not read, and what becomes of it', async () => {
    const { start, former, rotate } = openFolder()
    await start({}, async ({ foundation: { db, chats } }) => {
      const lost = { lane: 'telegram:b_1', updateId: 'u_1', address: '501', seq: 1, state: 'pending' as const }
      const body = sealedBody(createSealing(createSecretKey(Buffer.alloc(32, 7))), { ...lost, body: { text: 'hello' } })
      await db.write(chats.addUpdate({ ...lost, body, attempts: 0, dueAt: 0, receivedAt: 0 }))
    })
    const printed = await rotate({ MASTER_KEY: NEXT_KEY, MASTER_KEY_OLD: former() })
    expect(printed).toMatchObject({
      rows: [{ state: 'rotated', unreadable: 1, note: expect.stringMatching(/were left as they are.*write again/) }],
    })
    await start({ MASTER_KEY: NEXT_KEY }, async () => undefined)
  })

  test('says what is missing or wrong', async () => {
    const { start, rotate } = openFolder()
    await expect(rotate({ MASTER_KEY: NEXT_KEY })).rejects.toThrow('MASTER_KEY_OLD')
    const wrong = { MASTER_KEY: NEXT_KEY, MASTER_KEY_OLD: Buffer.alloc(32, 5).toString('base64') }
    expect(await rotate(wrong)).toMatchObject({ failed: true, empty: expect.stringContaining('no secrets yet') })
    await start({}, async () => undefined)
    expect(await rotate(wrong)).toMatchObject({ failed: true, empty: expect.stringContaining('not the key') })
  })
})
