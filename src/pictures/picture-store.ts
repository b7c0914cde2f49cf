import { eq } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { pictureTables } from './picture-tables.js'

export type PictureStore = ReturnType<typeof createPictureStore>

/** What is on each picture that a URL may name, kept so that any process can draw it. */
export const createPictureStore = (db: Database) => {
  const { pictures } = db.tables(pictureTables)
  return {
    add: insertion('add picture', pictures, { ignoreExisting: true }),
    byId: statement('picture by id', (q, v: Values<{ id: string }>) =>
      q.select({ content: pictures.content }).from(pictures).where(eq(pictures.id, v.id)),
    ),
  }
}
