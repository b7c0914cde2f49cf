import type { ChatStore } from '../../bots/chats/chat-store.js'
import type { WebStore } from '../../bots/web/web-store.js'
import type { Database } from '../db/database.js'
import type { Forgetter } from '../erasure/forgetter.js'

const AT_ONCE = 50

interface IdleGuestNeeds {
  readonly db: Database
  readonly chats: ChatStore
  readonly web: WebStore
  /** What deliveries said of them, to whomever. */
  readonly contents: Forgetter
}

/**
 * Forgets guests of whom nothing was heard since `before` (Unix ms): nobody needs what passers-by wrote, and a public web
 * chat would grow for ever. Returns how many it found.
 */
export const forgetIdleGuests = async (
  { db, chats, web, contents }: IdleGuestNeeds,
  before: number,
): Promise<number> => {
  const idle = await db.read(chats.idleGuests({ before, limit: AT_ONCE }))
  for (const { id, messenger, address } of idle) {
    // The chat last: as long as it is there, the rest is found again.
    await forgetContents(db, contents, id, before)
    if (messenger === 'web') await web.forget(address)
    await db.write(chats.dropIdleGuest({ id, before }))
  }
  return idle.length
}

/** What the guest wrote to the team, and what came back. */
const forgetContents = async (db: Database, contents: Forgetter, chatId: string, before: number): Promise<void> => {
  const guest = { customerId: chatId, chats: [], erasedAt: before }
  let found: number
  do
    found = await db.atomically({ rows: contents.traces(guest, AT_ONCE) }, ({ rows }, now) => ({
      writes: contents.forget(rows, now),
      result: rows.length,
    }))
  while (found === AT_ONCE)
}
