import { type FileHandle, open, rm } from 'node:fs/promises'
import type { Bound, Database } from '../../db/database.js'
import { assertNever } from '../../errors.js'
import { CARD_COLUMNS, CUSTOMER_COLUMNS, csvLine, type ExportColumns, VOUCHER_COLUMNS } from './columns.js'
import type { ExportStore } from './export-store.js'

export const EXPORTED_TABLES = ['customers', 'cards', 'vouchers'] as const
export type ExportedTable = (typeof EXPORTED_TABLES)[number]

export interface ExportTable {
  readonly businessId: string
  readonly table: ExportedTable
  readonly path: string
  /** Stops, and leaves no file. */
  readonly signal: AbortSignal
  onProgress(progress: { readonly rows: number; readonly total: number }): void
}

export type ExportOutcome =
  | { readonly kind: 'exported'; readonly rows: number }
  | { readonly kind: 'stopped' }
  /** `sentence` says what to change. */
  | { readonly kind: 'refused'; readonly sentence: string }

const PAGE_ROWS = 500

/** Writes a table of a business to a new CSV file, page by page: no more than a page is in memory. */
export const createExportTable =
  (db: Database, store: ExportStore) =>
  async (asked: ExportTable): Promise<ExportOutcome> => {
    const { businessId, table, path, signal, onProgress } = asked
    const { header, pages, count } = sourceOf(db, store, table)
    let file: FileHandle
    try {
      // A former export is never written over.
      file = await open(path, 'wx', 0o600)
    } catch (error) {
      return refused(error, path)
    }
    let rows = 0
    let isWhole = false
    try {
      const [{ count: total } = { count: 0 }] = await db.read(count({ businessId }))
      await file.write(csvLine(header))
      for await (const lines of pages(businessId)) {
        if (signal.aborted) return { kind: 'stopped' }
        await file.write(lines.join(''))
        rows += lines.length
        onProgress({ rows, total })
      }
      await file.sync()
      isWhole = true
      return { kind: 'exported', rows }
    } catch (error) {
      return refused(error, path)
    } finally {
      await file.close()
      if (!isWhole) await rm(path, { force: true })
    }
  }

interface Source {
  readonly header: readonly string[]
  pages(businessId: string): AsyncIterable<readonly string[]>
  count(of: { businessId: string }): Bound<readonly { readonly count: number }[]>
}

const sourceOf = (db: Database, store: ExportStore, table: ExportedTable): Source => {
  switch (table) {
    case 'customers':
      return source(db, CUSTOMER_COLUMNS, store.customers, store.countCustomers)
    case 'cards':
      return source(db, CARD_COLUMNS, store.cards, store.countCards)
    case 'vouchers':
      return source(db, VOUCHER_COLUMNS, store.vouchers, store.countVouchers)
    default:
      return assertNever(table)
  }
}

const source = <Row>(
  db: Database,
  columns: ExportColumns<Row>,
  page: (values: { businessId: string; afterId: string; limit: number }) => Bound<readonly Row[]>,
  count: Source['count'],
): Source => ({
  header: columns.map(([name]) => name),
  count,
  pages: async function* (businessId) {
    const [, idOf] = columns[0] ?? ['', () => '']
    for (let afterId = '', isMore = true; isMore; ) {
      const rows = await db.read(page({ businessId, afterId, limit: PAGE_ROWS }))
      const last = rows.at(-1)
      if (last !== undefined) {
        yield rows.map((row) => csvLine(columns.map(([, cellOf]) => cellOf(row))))
        afterId = String(idOf(last))
      }
      isMore = rows.length === PAGE_ROWS
    }
  },
})

const SENTENCES: Readonly<Record<string, string>> = {
  EEXIST: 'is there already: give another name',
  ENOENT: 'cannot be made: its folder is not there',
  ENOTDIR: 'cannot be made: its folder is not there',
  EACCES: 'cannot be made: you may not write there',
  EPERM: 'cannot be made: you may not write there',
  EROFS: 'cannot be made: nothing can be written there',
  ENOSPC: 'finds no room on its disk: nothing was kept',
}

/** Throws what is no matter of the file. */
const refused = (error: unknown, path: string): ExportOutcome => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const why = SENTENCES[code]
  if (why === undefined) throw error
  return { kind: 'refused', sentence: `${path} ${why}.` }
}
