import type { Kit } from '../../src/db/kit.js'

/** Telegram's ids of pictures that a bot has uploaded: the same picture is sent again without its bytes. */
export const telegramTables = (k: Kit) => {
  const telegramFiles = k.table(
    'telegram_files',
    {
      lane: k.text('lane').notNull(),
      pictureId: k.text('picture_id').notNull(),
      fileId: k.text('file_id').notNull(),
      at: k.int('at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.lane, t.pictureId] })],
  )
  return { telegramFiles }
}
