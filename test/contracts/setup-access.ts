import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { createSetupAccess, type SetupAccess } from '../../src/setup/setup-access.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Who gets into the setup, on every database. */
export const setupAccessContract = (
  name: string,
  open: (clock: Clock) => Promise<{ readonly db: Database; close(): Promise<void> }>,
) => {
  describe(`the setup’s links and sessions on ${name}`, () => {
    let now: number
    let access: SetupAccess
    let close: () => Promise<void>
    beforeEach(async () => {
      now = Date.parse('2030-01-01T09:00:00Z')
      const opened = await open(() => now)
      access = createSetupAccess(opened.db, () => now)
      close = opened.close
    })
    afterEach(() => close())

    const signIn = async (): Promise<string> => {
      const session = await access.openSession(await access.createLink())
      if (session === null) throw new Error('the link did not open')
      return session
    }

    test('a link opens one session', async () => {
      const link = await access.createLink()
      const session = await access.openSession(link)
      expect(session).toMatch(/^[0-9A-Za-z]{32}$/)
      expect(await access.isOpen(session ?? '')).toBe(true)
      expect(await access.openSession(link)).toBeNull()
    })

    test('of two browsers that open it at the same moment one gets in', async () => {
      const link = await access.createLink()
      const attempts = await Promise.allSettled([access.openSession(link), access.openSession(link)])
      const sessions = attempts.flatMap((each) =>
        each.status === 'fulfilled' && each.value !== null ? each.value : [],
      )
      expect(sessions).toHaveLength(1)
    })

    test('a link that nobody opened within a day opens nothing', async () => {
      const link = await access.createLink()
      now += DAY_MS
      expect(await access.openSession(link)).toBeNull()
    })

    test('a made-up link opens nothing, and a made-up session is none', async () => {
      expect(await access.openSession('')).toBeNull()
      expect(await access.openSession('x'.repeat(24))).toBeNull()
      expect(await access.isOpen('x'.repeat(32))).toBe(false)
    })

    test('a new link leaves the sessions that there are', async () => {
      const session = await signIn()
      await signIn()
      expect(await access.isOpen(session)).toBe(true)
    })

    test('a session lasts 30 days', async () => {
      const session = await signIn()
      now += 30 * DAY_MS - 1
      expect(await access.isOpen(session)).toBe(true)
      now += 1
      expect(await access.isOpen(session)).toBe(false)
    })

    test('signing out ends this session and no other', async () => {
      const [mine, other] = [await signIn(), await signIn()]
      await access.endSession(mine)
      expect(await access.isOpen(mine)).toBe(false)
      expect(await access.isOpen(other)).toBe(true)
    })

    test('closing the setup ends all sessions, and the links that nobody has opened', async () => {
      const [session, link] = [await signIn(), await access.createLink()]
      await access.endAll()
      expect(await access.isOpen(session)).toBe(false)
      expect(await access.openSession(link)).toBeNull()
    })
  })
}
