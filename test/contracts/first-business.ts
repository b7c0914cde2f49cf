import { createSecretKey } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBusinessStore } from '../../src/business/business-store.js'
import { createConnections } from '../../src/business/connections.js'
import { setUpFirstBusiness } from '../../src/business/first-business.js'
import { checkMasterKey } from '../../src/business/master-key-check.js'
import { createSealing } from '../../src/business/sealing.js'
import { readConfig } from '../../src/config.js'
import { type Database, statement } from '../../src/db/database.js'
import { leaseTables } from '../../src/db/lease-tables.js'
import { hashToken } from '../../src/ids.js'
import { createInProcessSignals } from '../../src/queue/in-process-signals.js'
import { recordLog } from '../support/recorded-log.js'

const BOT_TOKEN = '123456789:AAtelegramtokenAAtelegramtokenAAtele'

const sealingWith = (seed: number) => createSealing(createSecretKey(Buffer.alloc(32, seed)))

interface StartDatabase {
  readonly db: Database
  /** The same data, as another process has it. */
  another(): Promise<Database>
  close(): Promise<void>
}

/** What a start finds, and makes of the environment, on every database. */
export const firstBusinessContract = (name: string, open: () => Promise<StartDatabase>) => {
  describe(`the first business on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let db: Database
    const sealing = sealingWith(1)
    beforeEach(async () => {
      opened = await open()
      db = opened.db
    })
    afterEach(() => opened.close())

    const start = async (env: Record<string, string> = {}, on = db, machineZone = 'Europe/Kyiv') => {
      const store = createBusinessStore(on)
      const connections = createConnections(on, store, sealing)
      const signals = createInProcessSignals({ log: recordLog().log })
      const published: string[] = []
      signals.subscribe('business', (id) => published.push(id))
      const machine = { workingDir: '/srv', timeZone: machineZone, readFile: () => Buffer.alloc(0) }
      const first = await setUpFirstBusiness({
        db: on,
        store,
        connections,
        sealing,
        signals,
        config: readConfig(env, machine),
      })
      const [business] = await on.read(store.byId({ id: first.id }))
      if (!business) throw new Error('no business')
      return { ...first, business, store, connections, published }
    }

    test('is made of what the environment says', async () => {
      const { business, connections } = await start({
        BUSINESS_NAME: 'Кавʼярня',
        BUSINESS_LANGUAGE: 'uk',
        BUSINESS_CURRENCY: 'UAH',
        BUSINESS_CONTACT: '+380501112233',
        SEVENSTAMP_CARD_LINK: 'https://7stamp.example/card',
        TELEGRAM_BOT_TOKEN: BOT_TOKEN,
      })
      expect(business).toMatchObject({
        name: 'Кавʼярня',
        language: 'uk',
        timeZone: 'Europe/Kyiv',
        currency: 'UAH',
        contact: '+380501112233',
        cardLink: 'https://7stamp.example/card',
        externalId: null,
        parentId: null,
      })
      expect((await connections.of(business.id)).get('telegram')).toMatchObject({ token: BOT_TOKEN, mode: 'polling' })
    })

    test('is Demo Coffee where nothing is said, but not without the demo', async () => {
      expect((await start()).business.name).toBe('Demo Coffee')
      const empty = await open()
      expect((await start({ DEMO: '0' }, empty.db)).business.name).toBe('My business')
      await empty.close()
    })

    test('has one webhook address, the same at every start; only its hash and its sealed form are stored', async () => {
      const first = await start()
      expect(first.webhookToken).toMatch(/^[0-9A-Za-z]{32}$/)
      expect(await start()).toMatchObject({ id: first.id, webhookToken: first.webhookToken })
      expect(first.business.webhookTokenHash).toBe(hashToken(first.webhookToken))
      expect(await dump()).not.toContain(first.webhookToken)
    })

    test('takes the address that the environment gives, also later', async () => {
      const generated = await start()
      const given = 'a-token-of-our-own'
      const later = await start({ SEVENSTAMP_WEBHOOK_TOKEN: given })
      expect(later).toMatchObject({ id: generated.id, webhookToken: given })
      expect(later.business.webhookTokenHash).toBe(hashToken(given))
      expect(later.published).toEqual([generated.id])
      // Taken out of the environment again, it stays.
      expect(await start()).toMatchObject({ webhookToken: given })
    })

    test('keeps what the console changed while the environment says the same', async () => {
      const env = { BUSINESS_NAME: 'Old name', BUSINESS_CONTACT: 'old contact', TELEGRAM_BOT_TOKEN: BOT_TOKEN }
      const { id, business, store, connections } = await start(env)
      await db.write(
        store.save({ ...business, name: 'Console name', contact: 'console contact' }),
        connections.save(id, 'telegram', { token: 'console-token' }, 1),
      )
      const again = await start(env)
      expect(again.business).toMatchObject({ name: 'Console name', contact: 'console contact' })
      expect((await again.connections.of(id)).get('telegram')).toEqual({ token: 'console-token' })
      expect(again.published).toEqual([])

      const changed = await start({ ...env, BUSINESS_NAME: 'New name' })
      expect(changed.business).toMatchObject({ name: 'New name', contact: 'console contact' })
      expect((await changed.connections.of(id)).get('telegram')).toEqual({ token: 'console-token' })

      const otherBot = BOT_TOKEN.replace('123456789', '987654321')
      const rebound = await start({ ...env, BUSINESS_NAME: 'New name', TELEGRAM_BOT_TOKEN: otherBot })
      expect((await rebound.connections.of(id)).get('telegram')).toMatchObject({ token: otherBot })
    })

    test('lets the sites show its chat that the environment names, until it names others', async () => {
      const originsOf = async (env: Record<string, string>) => {
        const { id, connections } = await start(env)
        return (await connections.of(id)).get('web')?.allowedOrigins
      }
      const [cafe, shop] = ['https://cafe.example', 'https://shop.example']
      expect(await originsOf({})).toBeUndefined()
      expect(await originsOf({ WEB_ALLOWED_ORIGINS: `${cafe},${shop}` })).toEqual([cafe, shop])
      expect(await originsOf({})).toEqual([cafe, shop])
      expect(await originsOf({ WEB_ALLOWED_ORIGINS: shop })).toEqual([shop])
    })

    test('does not follow the time zone of whatever machine it is started on', async () => {
      await start()
      expect((await start({}, db, 'UTC')).business.timeZone).toBe('Europe/Kyiv')
      expect((await start({ BUSINESS_TIMEZONE: 'Europe/Lisbon' }, db, 'UTC')).business.timeZone).toBe('Europe/Lisbon')
    })

    test('is one, however many processes start at once', async () => {
      const other = await opened.another()
      const starts = await Promise.all([start(), start({}, other), start(), start({}, other), start()])
      expect(new Set(starts.map(({ id }) => id)).size).toBe(1)
      expect(new Set(starts.map(({ webhookToken }) => webhookToken)).size).toBe(1)
      expect(await db.read(createBusinessStore(db).all({}))).toHaveLength(1)
      await other.close()
    })

    test('no secret stands in the database as it is', async () => {
      await start({
        TELEGRAM_BOT_TOKEN: BOT_TOKEN,
        SMTP_URL: 'smtp://user:hunter22@mail.example',
        MAIL_FROM: 'a@b.example',
      })
      const text = await dump()
      for (const secret of [BOT_TOKEN, 'AAtelegramtoken', 'hunter22']) expect(text).not.toContain(secret)
    })

    test('another master key is refused in one sentence, by every process', async () => {
      await checkMasterKey(db, sealing)
      await expect(checkMasterKey(db, sealing)).resolves.toBeUndefined()
      await expect(checkMasterKey(db, sealingWith(2))).rejects.toMatchObject({
        code: 'misconfigured',
        message: expect.stringMatching(/^MASTER_KEY is not the key .+$/),
      })
    })

    test('the first of two keys that come at once is the one', async () => {
      const results = await Promise.allSettled([1, 2].map((seed) => checkMasterKey(db, sealingWith(seed))))
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    /** All that the tables of this capability hold, as text. */
    const dump = async (): Promise<string> => {
      const store = createBusinessStore(db)
      const businesses = await db.read(store.all({}))
      const connections = await Promise.all(
        businesses.map(({ id }) => db.read(store.connectionsOf({ businessId: id }))),
      )
      return JSON.stringify([businesses, connections, await db.read(installationValues(db)({}))])
    }
  })
}

const installationValues = (db: Database) => {
  const { installation } = db.tables(leaseTables)
  return statement('test installation', (q) => q.select().from(installation))
}
