import type { ChatStore } from '../../bots/chats/chat-store.js'
import type { WebStore } from '../../bots/web/web-store.js'
import type { Database } from '../db/database.js'

const AT_ONCE = 50

/**
 * Forgets guests of whom nothing was heard since `before` (Unix ms): nobody needs what passers-by wrote, and a public web
 * chat would grow for ever. Returns how many it found.
 */
export const forgetIdleGuests = async (
  { db, chats, web }: { readonly db: Database; readonly chats: ChatStore; readonly web: WebStore },
  before: number,
): Promise<number> => {
  const idle = await db.read(chats.idleGuests({ before, limit: AT_ONCE }))
  for (const { id, messenger, address } of idle) {
    // The chat last: as long as it is there, the rest is found again.
    if (messenger === 'web') await web.forget(address)
    await db.write(chats.dropIdleGuest({ id, before }))
  }
  return idle.length
}
