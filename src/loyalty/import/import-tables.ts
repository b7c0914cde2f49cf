import type { Kit } from '../../db/kit.js'
import type { LineError } from './read-row.js'

/** What became of the rows of an import, so far. */
export interface ImportCounts {
  /** Lines read, without the header and empty ones. */
  readonly rows: number
  readonly created: number
  /** Customers and cards that were there, and of which the file knew more. */
  readonly updated: number
  readonly unchanged: number
  /** Rows about people who asked to be forgotten. */
  readonly erased: number
  readonly wrong: number
}

export const importTables = (k: Kit) => {
  /** Each file that is imported: how far it has come is written in the batch of the rows that it stands for. */
  const imports = k.table('imports', {
    /** Follows from business and contents: the same file started again goes on. */
    id: k.text('id').primaryKey(),
    businessId: k.text('business_id').notNull(),
    /** Without its folder. */
    fileName: k.text('file_name').notNull(),
    sizeBytes: k.int('size_bytes').notNull(),
    /** When what the file says was true, Unix ms. */
    asOf: k.int('as_of').notNull(),
    /** All before this byte, and this line, is done. */
    offsetBytes: k.int('offset_bytes').notNull(),
    line: k.int('line').notNull(),
    counts: k.json('counts').$type<ImportCounts>().notNull(),
    /** What of them is on the list of wrong lines is so long … */
    errorFileBytes: k.int('error_file_bytes').notNull(),
    /** … and this of the last rows comes on it next. */
    pendingErrors: k.json('pending_errors').$type<readonly LineError[]>().notNull(),
    startedAt: k.int('started_at').notNull(),
    updatedAt: k.int('updated_at').notNull(),
    /** Null until its last line is done. */
    finishedAt: k.int('finished_at'),
  })
  return { imports }
}

export type ImportProgress = ReturnType<typeof importTables>['imports']['$inferSelect']

export const NO_COUNTS: ImportCounts = { rows: 0, created: 0, updated: 0, unchanged: 0, erased: 0, wrong: 0 }
