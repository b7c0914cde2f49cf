import { and, eq, gt, lte } from 'drizzle-orm'
import type { Clock } from '../clock.js'
import { type Database, type Decision, demand, insertion, statement, type Values } from '../db/database.js'
import { hashToken, randomToken } from '../ids.js'
import { setupTables } from './setup-tables.js'

/** Who may see the setup page: whoever opened a one-time link that only this machine's owner was shown. */
export interface SetupAccess {
  /** Makes a link and gives its token, which nobody sees but the caller. */
  createLink(): Promise<string>
  /** Uses a link up for a session, and gives the session's token; null for a link that is used, too old, or none. */
  openSession(linkToken: string): Promise<string | null>
  isOpen(sessionToken: string): Promise<boolean>
  endSession(sessionToken: string): Promise<void>
  /** Ends all sessions and links. */
  endAll(): Promise<void>
}

export const SESSION_MS = 30 * 86_400_000
const LINK_MS = 86_400_000
const LINK_TOKEN_LENGTH = 24
const SESSION_TOKEN_LENGTH = 32

export const createSetupAccess = (db: Database, clock: Clock): SetupAccess => {
  const queries = queriesOf(db)
  return {
    createLink: async () => {
      const token = randomToken(LINK_TOKEN_LENGTH)
      const now = clock()
      await db.write(
        queries.dropOldLinks({ now }),
        queries.dropOldSessions({ now }),
        queries.addLink({ tokenHash: hashToken(token), expiresAt: now + LINK_MS, createdAt: now }),
      )
      return token
    },
    openSession: (linkToken) => {
      const tokenHash = hashToken(linkToken)
      const session = randomToken(SESSION_TOKEN_LENGTH)
      return db.atomically({ link: queries.link({ tokenHash }) }, ({ link: [link] }): Decision<string | null> => {
        const now = clock()
        if (!link || link.expiresAt <= now) return { writes: [], result: null }
        const row = { tokenHash: hashToken(session), expiresAt: now + SESSION_MS, createdAt: now }
        return { writes: [demand(1, queries.dropLink({ tokenHash })), queries.addSession(row)], result: session }
      })
    },
    isOpen: async (sessionToken) => {
      const found = await db.read(queries.session({ tokenHash: hashToken(sessionToken), now: clock() }))
      return found.length > 0
    },
    endSession: (sessionToken) => db.write(queries.dropSession({ tokenHash: hashToken(sessionToken) })),
    endAll: () => db.write(queries.dropAllSessions({}), queries.dropAllLinks({})),
  }
}

type OfToken = Values<{ tokenHash: string }>
type AtTime = Values<{ now: number }>

const queriesOf = (db: Database) => {
  const { setupLinks, setupSessions } = db.tables(setupTables)
  return {
    addLink: insertion('add setup link', setupLinks),
    link: statement(
      'setup link',
      (q, v: OfToken) =>
        q.select({ expiresAt: setupLinks.expiresAt }).from(setupLinks).where(eq(setupLinks.tokenHash, v.tokenHash)),
      { mode: 'update' },
    ),
    dropLink: statement('drop setup link', (q, v: OfToken) =>
      q.delete(setupLinks).where(eq(setupLinks.tokenHash, v.tokenHash)),
    ),
    dropOldLinks: statement('drop old setup links', (q, v: AtTime) =>
      q.delete(setupLinks).where(lte(setupLinks.expiresAt, v.now)),
    ),
    dropAllLinks: statement('drop all setup links', (q) => q.delete(setupLinks)),
    addSession: insertion('add setup session', setupSessions),
    session: statement('setup session', (q, v: Values<{ tokenHash: string; now: number }>) =>
      q
        .select({ expiresAt: setupSessions.expiresAt })
        .from(setupSessions)
        .where(and(eq(setupSessions.tokenHash, v.tokenHash), gt(setupSessions.expiresAt, v.now))),
    ),
    dropSession: statement('drop setup session', (q, v: OfToken) =>
      q.delete(setupSessions).where(eq(setupSessions.tokenHash, v.tokenHash)),
    ),
    dropOldSessions: statement('drop old setup sessions', (q, v: AtTime) =>
      q.delete(setupSessions).where(lte(setupSessions.expiresAt, v.now)),
    ),
    dropAllSessions: statement('drop all setup sessions', (q) => q.delete(setupSessions)),
  }
}
