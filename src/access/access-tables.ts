import { sql } from 'drizzle-orm'
import type { Kit } from '../db/kit.js'
import type { AuditDetails } from './audit-chain.js'
import type { Role } from './role.js'

export const accessTables = (k: Kit) => {
  const staff = k.table(
    'staff',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      name: k.text('name').notNull(),
      /** Null for a cashier who only has a PIN. */
      login: k.text('login'),
      role: k.text('role').$type<Role>().notNull(),
      /** Null for somebody who works at every location. */
      locationId: k.text('location_id'),
      /** A keyed hash (see `pin.ts`). */
      pinHash: k.text('pin_hash'),
      createdAt: k.int('created_at').notNull(),
      /** What somebody did stays theirs, so nobody's row is deleted. */
      removedAt: k.int('removed_at'),
    },
    (t) => [
      k.uniqueIndex('staff_logins').on(t.businessId, t.login).where(sql`removed_at is null`),
      k.index('staff_pins').on(t.businessId, t.pinHash).where(sql`pin_hash is not null`),
    ],
  )
  /** When wrong PINs were typed in a chat lately. */
  const pinTries = k.table(
    'pin_tries',
    {
      chatId: k.text('chat_id').primaryKey(),
      wrongAt: k.json('wrong_at').$type<readonly number[]>().notNull(),
      lastWrongAt: k.int('last_wrong_at').notNull(),
    },
    (t) => [k.index('pin_tries_by_age').on(t.lastWrongAt)],
  )
  const apiKeys = k.table(
    'api_keys',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      staffId: k.text('staff_id').notNull(),
      name: k.text('name').notNull(),
      /** SHA-256. A key has 178 random bits, so its hash cannot be guessed back. */
      keyHash: k.text('key_hash').notNull(),
      /** The key's last characters: what its list shows of it. */
      ending: k.text('ending').notNull(),
      isReadOnly: k.bool('is_read_only').notNull(),
      createdAt: k.int('created_at').notNull(),
      /** Behind the truth by up to a minute. */
      lastUsedAt: k.int('last_used_at'),
    },
    (t) => [
      k.uniqueIndex('api_keys_by_hash').on(t.keyHash),
      // One key for one staff login.
      k.uniqueIndex('api_keys_of_staff').on(t.staffId),
      k.index('api_keys_of_business').on(t.businessId),
    ],
  )
  /** Who changed what; each entry of a business carries the hash of the one before it. */
  const auditEntries = k.table(
    'audit_entries',
    {
      businessId: k.text('business_id').notNull(),
      /** From 1, without gaps. */
      seq: k.int('seq').notNull(),
      at: k.int('at').notNull(),
      actor: k.text('actor').notNull(),
      action: k.text('action').notNull(),
      subjectId: k.text('subject_id').notNull(),
      details: k.json('details').$type<AuditDetails>().notNull(),
      previousHash: k.text('previous_hash').notNull(),
      hash: k.text('hash').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.businessId, t.seq] })],
  )
  /** The end of each business's chain: what is locked while one entry is put behind another. */
  const auditHeads = k.table('audit_heads', {
    businessId: k.text('business_id').primaryKey(),
    seq: k.int('seq').notNull(),
    hash: k.text('hash').notNull(),
  })
  return { staff, pinTries, apiKeys, auditEntries, auditHeads }
}

export type StaffRow = ReturnType<typeof accessTables>['staff']['$inferSelect']
export type ApiKeyRow = ReturnType<typeof accessTables>['apiKeys']['$inferSelect']
