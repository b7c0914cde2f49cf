import { and, eq, isNotNull } from 'drizzle-orm'
import type { OtherSecrets } from '../../src/business/rotate-secrets.js'
import type { SealedPlace, Sealing } from '../../src/business/sealing.js'
import { type Database, statement, type Values } from '../../src/db/database.js'
import { AppError } from '../../src/errors.js'
import type { UpdateRow } from './chat-store.js'
import { chatTables } from './chat-tables.js'

type Sealed = Pick<UpdateRow, 'lane' | 'updateId' | 'body'>

const placeOf = ({ lane, updateId }: Pick<Sealed, 'lane' | 'updateId'>): SealedPlace => ({
  table: 'updates',
  column: 'body',
  rowId: JSON.stringify([lane, updateId]),
})

/**
 * What somebody did, as it is stored until it is answered: they may have typed a PIN or opened a link, and a text that is
 * cleared later stays readable in the database's log for a while.
 */
export const sealedBody = (sealing: Sealing, update: Sealed): string =>
  sealing.seal(placeOf(update), JSON.stringify(update.body))

/** What it was. One that was stored before bodies were sealed is an object. */
export const openedBody = (sealing: Sealing, update: Sealed): unknown =>
  typeof update.body === 'string' ? JSON.parse(sealing.open(placeOf(update), update.body)) : update.body

/** The same; null if the master key does not open it. */
export const openedIfReadable = (sealing: Sealing, update: Sealed): unknown => {
  try {
    return openedBody(sealing, update)
  } catch (error) {
    if (error instanceof AppError && error.code === 'misconfigured') return null
    throw error
  }
}

/** What waits to be answered, for whoever changes the master key. */
export const sealedOfUpdates = (db: Database): OtherSecrets<Sealed, string | null> => {
  const { updates } = db.tables(chatTables)
  const waiting = statement(
    'sealed updates',
    (q) =>
      q
        .select({ lane: updates.lane, updateId: updates.updateId, body: updates.body })
        .from(updates)
        .where(isNotNull(updates.body)),
    { mode: 'update' },
  )
  const save = statement('reseal update', (q, v: Values<{ lane: string; updateId: string; body: unknown }>) =>
    q
      .update(updates)
      .set({ body: v.body })
      .where(and(eq(updates.lane, v.lane), eq(updates.updateId, v.updateId))),
  )
  return {
    rows: waiting({}),
    reseal: (rows, reseal) =>
      rows.flatMap(({ lane, updateId, body }) => {
        const resealed = typeof body === 'string' ? reseal(placeOf({ lane, updateId }), body) : null
        return resealed === null ? [] : [save({ lane, updateId, body: resealed })]
      }),
  }
}
