import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import type { ChatStore } from './chat-store.js'
import { applyEffects } from './turn-effects.js'

/** Takes a chat out of the team, whoever sits there: false if it was not in it. It is told nothing. */
export const removeStaffChat = (
  { db, chats, clock }: { readonly db: Database; readonly chats: ChatStore; readonly clock: Clock },
  businessId: string,
  chatId: string,
): Promise<boolean> =>
  db.atomically({ chat: chats.byIds({ ids: JSON.stringify([chatId]) }) }, ({ chat: [chat] }) => {
    if (chat?.role !== 'staff' || chat.businessId !== businessId) return { writes: [], result: false }
    const { chat: removed } = applyEffects(chat, [{ kind: 'unlink' }], clock())
    return { writes: [chats.saveTurn({ ...removed })], result: true }
  })
