import { and, asc, eq, isNull, lt } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { accessTables, type StaffRow } from './access-tables.js'

/** SQL over staff and their tries to type a PIN. */
export const createStaffStore = (db: Database) => {
  const { staff, pinTries } = db.tables(accessTables)
  return {
    add: insertion('add staff', staff),
    /** All who are on the staff. */
    ofBusiness: statement('staff of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select()
        .from(staff)
        .where(and(eq(staff.businessId, v.businessId), isNull(staff.removedAt)))
        .orderBy(asc(staff.createdAt), asc(staff.id)),
    ),
    byId: statement('staff by id', (q, v: Values<{ businessId: string; id: string }>) =>
      q
        .select()
        .from(staff)
        .where(and(eq(staff.businessId, v.businessId), eq(staff.id, v.id), isNull(staff.removedAt))),
    ),
    byPin: statement('staff by pin', (q, v: Values<{ businessId: string; pinHash: string }>) =>
      q
        .select()
        .from(staff)
        .where(and(eq(staff.businessId, v.businessId), eq(staff.pinHash, v.pinHash), isNull(staff.removedAt))),
    ),
    save: statement('save staff', (q, v: Values<Omit<StaffRow, 'businessId' | 'createdAt' | 'removedAt'>>) =>
      q
        .update(staff)
        .set({ name: v.name, login: v.login, role: v.role, locationId: v.locationId, pinHash: v.pinHash })
        .where(eq(staff.id, v.id)),
    ),
    /** Their PIN is free for others at once. */
    remove: statement('remove staff', (q, v: Values<{ id: string; now: number }>) =>
      q.update(staff).set({ removedAt: v.now, pinHash: null }).where(eq(staff.id, v.id)),
    ),
    lockedTries: statement(
      'locked pin tries',
      (q, v: Values<{ chatId: string }>) =>
        q.select({ wrongAt: pinTries.wrongAt }).from(pinTries).where(eq(pinTries.chatId, v.chatId)),
      { mode: 'update' },
    ),
    /** Tries that are there stay: whoever demands one row learns that another process counted first. */
    addTries: insertion('add pin tries', pinTries, { ignoreExisting: true }),
    saveTries: statement(
      'save pin tries',
      (q, v: Values<{ chatId: string; wrongAt: readonly number[]; lastWrongAt: number }>) =>
        q.update(pinTries).set({ wrongAt: v.wrongAt, lastWrongAt: v.lastWrongAt }).where(eq(pinTries.chatId, v.chatId)),
    ),
    dropTriesBefore: statement('drop old pin tries', (q, v: Values<{ time: number }>) =>
      q.delete(pinTries).where(lt(pinTries.lastWrongAt, v.time)),
    ),
  }
}
