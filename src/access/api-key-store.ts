import { and, asc, eq, isNull, lte, or } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { accessTables } from './access-tables.js'

/** SQL over API keys. */
export const createApiKeyStore = (db: Database) => {
  const { apiKeys, staff } = db.tables(accessTables)
  return {
    /** The key with whose it is; none of somebody who is off the staff. */
    byHash: statement('api key by hash', (q, v: Values<{ keyHash: string }>) =>
      q
        .select({
          id: apiKeys.id,
          businessId: apiKeys.businessId,
          staffId: apiKeys.staffId,
          name: apiKeys.name,
          keyHash: apiKeys.keyHash,
          isReadOnly: apiKeys.isReadOnly,
          lastUsedAt: apiKeys.lastUsedAt,
          login: staff.login,
          role: staff.role,
        })
        .from(apiKeys)
        .innerJoin(staff, eq(staff.id, apiKeys.staffId))
        .where(and(eq(apiKeys.keyHash, v.keyHash), isNull(staff.removedAt))),
    ),
    listed: statement('api keys of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select({
          id: apiKeys.id,
          staffId: apiKeys.staffId,
          name: apiKeys.name,
          ending: apiKeys.ending,
          isReadOnly: apiKeys.isReadOnly,
          createdAt: apiKeys.createdAt,
          lastUsedAt: apiKeys.lastUsedAt,
          login: staff.login,
        })
        .from(apiKeys)
        .innerJoin(staff, eq(staff.id, apiKeys.staffId))
        .where(eq(apiKeys.businessId, v.businessId))
        .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id)),
    ),
    byId: statement('api key by id', (q, v: Values<{ businessId: string; id: string }>) =>
      q
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.businessId, v.businessId), eq(apiKeys.id, v.id))),
    ),
    ofStaff: statement('api key of staff', (q, v: Values<{ staffId: string }>) =>
      q.select().from(apiKeys).where(eq(apiKeys.staffId, v.staffId)),
    ),
    add: insertion('add api key', apiKeys),
    /** The former key is nobody's from here on. */
    replace: statement('replace api key', (q, v: Values<{ id: string; keyHash: string; ending: string }>) =>
      q.update(apiKeys).set({ keyHash: v.keyHash, ending: v.ending }).where(eq(apiKeys.id, v.id)),
    ),
    drop: statement('drop api key', (q, v: Values<{ id: string }>) => q.delete(apiKeys).where(eq(apiKeys.id, v.id))),
    dropOfStaff: statement('drop api key of staff', (q, v: Values<{ staffId: string }>) =>
      q.delete(apiKeys).where(eq(apiKeys.staffId, v.staffId)),
    ),
    /** Nothing if another process has noted a use since `notSince`. */
    noteUse: statement('note use of api key', (q, v: Values<{ id: string; now: number; notSince: number }>) =>
      q
        .update(apiKeys)
        .set({ lastUsedAt: v.now })
        .where(and(eq(apiKeys.id, v.id), or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, v.notSince)))),
    ),
  }
}
