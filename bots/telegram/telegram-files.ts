import { and, eq, sql } from 'drizzle-orm'
import type { Clock } from '../../src/clock.js'
import { type Database, statement, type Values } from '../../src/db/database.js'
import type { FileIds } from './telegram-photos.js'
import { telegramTables } from './telegram-tables.js'

/** Which pictures each bot has uploaded already; a file id is worth something to its own bot only. */
export const createFileIds = (db: Database, clock: Clock) => {
  const { telegramFiles } = db.tables(telegramTables)
  const find = statement('find file id', (q, v: Values<{ lane: string; pictureId: string }>) =>
    q
      .select({ fileId: telegramFiles.fileId })
      .from(telegramFiles)
      .where(and(eq(telegramFiles.lane, v.lane), eq(telegramFiles.pictureId, v.pictureId))),
  )
  const remember = statement(
    'remember file id',
    (q, v: Values<{ lane: string; pictureId: string; fileId: string; at: number }>) =>
      q
        .insert(telegramFiles)
        .values({ lane: v.lane, pictureId: v.pictureId, fileId: v.fileId, at: v.at })
        .onConflictDoUpdate({
          target: [telegramFiles.lane, telegramFiles.pictureId],
          set: { fileId: sql`excluded.file_id`, at: sql`excluded.at` },
        }),
  )
  return (lane: string): FileIds => ({
    find: async (pictureId) => (await db.read(find({ lane, pictureId })))[0]?.fileId ?? null,
    remember: (pictureId, fileId) => db.write(remember({ lane, pictureId, fileId, at: clock() })),
  })
}
