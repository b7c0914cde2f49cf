import { setTimeout as delay } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import { type AccessDatabase, accessOn } from '../support/access.js'
import { allRows } from '../support/all-rows.js'
import { flaky } from '../support/flaky-database.js'
import { recordLog } from '../support/recorded-log.js'

const BUSINESS = 'b_1'
const BY = { businessId: BUSINESS, actor: 'cli' }
const MINUTE_MS = 60_000

/** Who may call with a key, on every database. */
export const apiKeysContract = (name: string, open: (clock: Clock) => Promise<AccessDatabase>) => {
  describe(`API keys on ${name}`, () => {
    let now: number
    let opened: AccessDatabase
    let access: ReturnType<typeof accessOn>
    let staffId: string
    beforeEach(async () => {
      now = Date.parse('2030-01-01T09:00:00Z')
      opened = await open(() => now)
      access = accessOn(opened.db)
      staffId = await addStaff('marketer', 'nina')
    })
    afterEach(() => opened.close())

    const addStaff = async (role: 'marketer' | 'cashier', login: string | null): Promise<string> => {
      const outcome = await access.roster.addStaff({ ...BY, name: 'Nina', role, login })
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      return outcome.staff.id
    }
    const create = (given: { isReadOnly?: boolean; name?: string; staffId?: string } = {}, by = access) =>
      by.keyRing.createKey({ ...BY, staffId, name: 'Till', ...given })
    const made = async (given: Parameters<typeof create>[0] = {}) => {
      const outcome = await create(given)
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      return outcome
    }
    const ask = (key: string, by = access) => by.authenticate(`Bearer ${key}`, now)
    const refused = (reason: string) => ({ kind: 'refused', reason })

    test('look like 7stamp’s, and carry a checksum', async () => {
      const { key } = await made()
      const [, random = '', checksum = ''] = /^7loc_sc_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/.exec(key) ?? []
      expect(base62(checksum)).toBe(crc32(random))
    })

    test('are shown once; after that their list shows the end', async () => {
      const { id, key } = await made({ isReadOnly: true })
      expect(await access.keyRing.listKeys(BUSINESS)).toEqual([
        {
          id,
          staffId,
          name: 'Till',
          login: 'nina',
          maskedKey: `7loc_sc_…${key.slice(-4)}`,
          status: 'active',
          isReadOnly: true,
          createdAt: now,
          lastUsedAt: null,
        },
      ])
      expect((await allRows(opened.db)).join('\n')).not.toContain(key.slice(8, -6))
      expect(await access.keyRing.listKeys('b_other')).toEqual([])
    })

    test('are refused for who cannot have one', async () => {
      expect(await create({ staffId: 'staff_nobody' })).toEqual(refused('unknown_staff'))
      expect(await create({ staffId: await addStaff('cashier', null) })).toEqual(refused('login_needed'))
      expect(await create({ name: ' ' })).toEqual(refused('name_malformed'))
      expect(await access.keyRing.createKey({ businessId: 'b_other', actor: 'cli', staffId, name: 'x' })).toEqual(
        refused('unknown_staff'),
      )
      await made()
      expect(await create()).toEqual(refused('has_key'))
    })

    test('of one login are one, however many are created at once on two processes', async () => {
      const other = accessOn(await opened.another())
      const outcomes = await Promise.all(
        Array.from({ length: 64 }, (_, index) => create({}, index % 2 ? access : other)),
      )
      const [first, ...more] = outcomes.filter(({ kind }) => kind === 'made')
      expect(more).toEqual([])
      expect(await access.keyRing.listKeys(BUSINESS)).toHaveLength(1)
      expect(await ask(first?.kind === 'made' ? first.key : '')).toMatchObject({ kind: 'caller' })
    })

    test('tell who calls', async () => {
      const { id, key } = await made()
      const caller = {
        businessId: BUSINESS,
        staffId,
        login: 'nina',
        role: 'marketer',
        keyId: id,
        keyName: 'Till',
        isReadOnly: false,
      }
      expect(await ask(key)).toEqual({ kind: 'caller', caller })
      expect(await access.authenticate(`bearer  ${key}`, now)).toEqual({ kind: 'caller', caller })
    })

    test('that are none are told from those that are nobody’s', async () => {
      const { id, key } = await made()
      await access.keyRing.deleteKey({ ...BY, keyId: id })
      expect(await ask(key)).toEqual(refused('unknown'))
      expect(await access.authenticate(undefined, now)).toEqual(refused('missing'))
      expect(await access.authenticate('', now)).toEqual(refused('missing'))
    })

    test('that are mistyped are refused without asking the database', async () => {
      const { key } = await made()
      const closed = await open(() => now)
      const lonely = accessOn(closed.db)
      await closed.close()
      const wrong = [
        key.slice(0, -1) + (key.endsWith('0') ? '1' : '0'),
        key.slice(0, -1),
        `${key}0`,
        key.toLowerCase().replace('7loc', '7LOC'),
        '',
        'x'.repeat(100_000),
      ]
      for (const each of wrong) expect(await ask(each, lonely)).toEqual(refused('malformed'))
      expect(await lonely.authenticate(`Basic ${key}`, now)).toEqual(refused('malformed'))
    })

    test('that were regenerated have the new secret only', async () => {
      const { id, key: former } = await made()
      expect(await ask(former)).toMatchObject({ kind: 'caller' })
      const again = await access.keyRing.regenerateKey({ ...BY, keyId: id })
      if (again.kind === 'refused') throw new Error(again.reason)
      expect(again).toMatchObject({ id })
      expect(await ask(former)).toEqual(refused('unknown'))
      expect(await ask(again.key)).toMatchObject({ kind: 'caller', caller: { keyId: id } })
    })

    test('of another business cannot be touched', async () => {
      const { id, key } = await made()
      const theirs = { businessId: 'b_other', actor: 'cli', keyId: id }
      expect(await access.keyRing.regenerateKey(theirs)).toEqual(refused('unknown_key'))
      expect(await access.keyRing.deleteKey(theirs)).toEqual(refused('unknown_key'))
      expect(await ask(key)).toMatchObject({ kind: 'caller' })
    })

    test('that were deleted are refused at once by their own process, and within a second by another', async () => {
      const other = accessOn(await opened.another())
      const { id, key } = await made()
      for (const each of [access, other]) expect(await ask(key, each)).toMatchObject({ kind: 'caller' })
      await access.keyRing.deleteKey({ ...BY, keyId: id })
      const deletedAt = performance.now()
      expect(await ask(key)).toEqual(refused('unknown'))
      // No signal reaches the other process here: it looks again by itself.
      while ((await ask(key, other)).kind === 'caller') {
        expect(performance.now() - deletedAt).toBeLessThan(1_000)
        await delay(5)
      }
    })

    test('end with their owner’s place on the staff, and with the login', async () => {
      const { key } = await made()
      await access.roster.changeStaff({ ...BY, staffId, change: { role: 'cashier' } })
      expect(await ask(key)).toMatchObject({ caller: { role: 'cashier' } })
      await access.roster.changeStaff({ ...BY, staffId, change: { login: null } })
      expect(await ask(key)).toEqual(refused('unknown'))
      await access.roster.changeStaff({ ...BY, staffId, change: { login: 'nina' } })
      const { key: second } = await made()
      await access.roster.removeStaff({ ...BY, staffId })
      expect(await ask(second)).toEqual(refused('unknown'))
      expect(await access.keyRing.listKeys(BUSINESS)).toEqual([])
    })

    test('note when they were last used, at most once a minute', async () => {
      const { key } = await made()
      const usedAt = now
      const lastUsed = async () => (await access.keyRing.listKeys(BUSINESS))[0]?.lastUsedAt
      await ask(key)
      await expect.poll(lastUsed).toBe(usedAt)
      now += MINUTE_MS - 1
      await ask(key, accessOn(opened.db))
      await ask(key)
      await delay(50)
      expect(await lastUsed()).toBe(usedAt)
      now += 1
      await ask(key)
      await expect.poll(lastUsed).toBe(now)
    })

    test('work while their use cannot be noted, and no log line tells them', async () => {
      const { key } = await made()
      const recorded = recordLog()
      const broken = flaky(opened.db)
      broken.breakDown()
      expect(await ask(key, accessOn(broken.db, 1, recorded.log))).toMatchObject({ kind: 'caller' })
      await expect.poll(() => recorded.events('access.use_not_noted')).toHaveLength(1)
      expect(JSON.stringify(recorded.events('access.use_not_noted'))).not.toContain(key.slice(8, -6))
    })

    test('are in the audit log with every change', async () => {
      const { id } = await made()
      await access.keyRing.regenerateKey({ ...BY, keyId: id })
      await access.keyRing.deleteKey({ ...BY, keyId: id })
      // Beside the one who was added.
      expect(await access.audit.verify(BUSINESS)).toMatchObject({ kind: 'whole', entries: 4 })
    })
  })
}

const base62 = (digits: string): number =>
  Array.from(digits).reduce(
    (value, digit) => value * 62 + '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(digit),
    0,
  )
