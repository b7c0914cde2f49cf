import type { Kit } from '../db/kit.js'

export const setupTables = (k: Kit) => {
  /** Links that open the setup page once: used ones are deleted. Only the token's hash is kept. */
  const setupLinks = k.table('setup_links', {
    tokenHash: k.text('token_hash').primaryKey(),
    expiresAt: k.int('expires_at').notNull(),
    createdAt: k.int('created_at').notNull(),
  })
  /** Browsers that the setup page is open to. Deleting a row ends its session everywhere at once. */
  const setupSessions = k.table('setup_sessions', {
    tokenHash: k.text('token_hash').primaryKey(),
    expiresAt: k.int('expires_at').notNull(),
    createdAt: k.int('created_at').notNull(),
  })
  return { setupLinks, setupSessions }
}
