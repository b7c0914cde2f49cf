import { asc } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../src/db/database.js'
import type { Holding } from '../../src/erasure/holding.js'
import { webTables } from './web-tables.js'

/** What the person wrote and read in the web chat. */
export const createWebHolding = (db: Database): Holding => {
  const { webMessages } = db.tables(webTables)
  const held = statement('web messages held', (q, v: Values<{ addresses: string }>) =>
    q
      .select()
      .from(webMessages)
      .where(db.kit.oneOf(webMessages.address, v.addresses))
      .orderBy(asc(webMessages.address), asc(webMessages.seq)),
  )
  return {
    name: 'web_chat',
    rowsOf: ({ chats }) =>
      held({
        addresses: JSON.stringify(chats.flatMap(({ messenger, address }) => (messenger === 'web' ? address : []))),
      }),
  }
}
