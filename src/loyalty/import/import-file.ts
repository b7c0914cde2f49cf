import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Clock } from '../../clock.js'
import type { Bound } from '../../db/database.js'
import { derivedId } from '../../ids.js'
import { type FamilyNeeds, familyIds } from '../family.js'
import type { CardTemplateRow } from '../own/own-tables.js'
import type { TemplateStore } from '../own/template-store.js'
import { chunksOf, createChunkPace } from './chunks.js'
import { type Columns, columnsOf } from './columns.js'
import { CsvBrokenError, type CsvHead, openCsvFile, readCsvHead } from './csv-file.js'
import { type ErrorFile, openErrorFile } from './error-file.js'
import { type ChunkNeeds, createTakeChunk } from './import-chunk.js'
import type { ImportContext } from './import-rows.js'
import { type ImportCounts, type ImportProgress, NO_COUNTS } from './import-tables.js'

export interface ImportNeeds extends ChunkNeeds, FamilyNeeds {
  readonly templates: TemplateStore
  readonly businessById: (values: {
    id: string
  }) => Bound<readonly { readonly id: string; readonly parentId: string | null }[]>
  /** Whether others may wait for the database while the import writes. */
  isProgramRunning(): Promise<boolean>
  readonly clock: Clock
}

export interface ImportFile {
  readonly businessId: string
  readonly path: string
  /** Where the list of wrong lines goes. */
  readonly errorsPath: string
  /** Null for the business's first template. */
  readonly templateId: string | null
  /** When what the file says was true, Unix ms; null for when it was written. */
  readonly asOf: number | null
  /** Reads and checks everything, and writes nothing but the list of wrong lines. Whoever is in it twice is counted twice. */
  readonly isDryRun: boolean
  /** Stops after the rows in hand; the next start goes on. */
  readonly signal: AbortSignal
  onProgress(progress: Pick<ImportProgress, 'offsetBytes' | 'sizeBytes' | 'counts'>): void
}

export interface ImportReport {
  readonly counts: ImportCounts
  /** The next line to read. */
  readonly line: number
  /** The line at which an earlier start had stopped; null if this one began at the first. */
  readonly resumedAt: number | null
  readonly ignoredColumns: readonly string[]
  /** Of an import of a file of this name that has changed since: the line at which it stopped. */
  readonly changedSinceLine: number | null
}

export type ImportOutcome =
  | ({ readonly kind: 'finished' | 'finished_before' } & ImportReport)
  /** `sentence` says why and what to do; null where it was asked to. */
  | ({ readonly kind: 'stopped'; readonly sentence: string | null } & ImportReport)
  /** Nothing was begun; `sentence` says what to change. */
  | { readonly kind: 'refused'; readonly sentence: string }

type Refused = Extract<ImportOutcome, { kind: 'refused' }>

/**
 * Imports customers and cards from a CSV file, a chunk of rows at a time. How far it has come is committed with the rows, so
 * wherever it is killed, the same file started again goes on there: nothing is lost and nothing doubled.
 */
export const createImportFile =
  (needs: ImportNeeds) =>
  async (asked: ImportFile): Promise<ImportOutcome> => {
    if (resolve(asked.path) === resolve(asked.errorsPath)) return refuse('The list of wrong lines needs another name.')
    const file = await openCsvFile(asked.path)
    if (!file) return refuse(`The file ${asked.path} cannot be opened: is it there, and may it be read?`)
    try {
      const begun = await begin(needs, asked, file)
      if (begun.kind === 'refused') return begun
      if (begun.progress.finishedAt !== null) return { kind: 'finished_before', ...reportOf(begun, begun.progress) }
      return await run(needs, asked, file, begun)
    } finally {
      await file.close()
    }
  }

interface Begun {
  readonly kind: 'begun'
  readonly delimiter: string
  readonly columns: Extract<Columns, { kind: 'columns' }>
  readonly context: ImportContext
  readonly businessIds: string
  readonly progress: ImportProgress
  readonly resumedAt: number | null
  readonly changedSinceLine: number | null
}

const begin = async (needs: ImportNeeds, asked: ImportFile, file: FileHandle): Promise<Begun | Refused> => {
  const { db, store, businessById } = needs
  const { businessId, isDryRun } = asked
  const head = await readCsvHead(file)
  if (head.kind === 'refused') return head
  const columns = columnsOf(head.header)
  if (columns.kind === 'refused') return columns
  const template = await templateFor(needs, asked)
  if (template === undefined) return refuse('There is no such card template.')
  if (template === null && columns.indexes.stamps !== undefined && columns.indexes.card_id === undefined)
    return refuse('The file has stamps, and there is no card to put them on: make a card template first.')
  const [business] = await db.read(businessById({ id: businessId }))
  if (!business) throw new Error(`there is no business ${businessId}`)
  const fresh = await freshProgress(needs, asked, head, file)
  const [known] = isDryRun ? [] : await db.read(store.progress({ id: fresh.id }))
  const [unfinished] = await db.read(store.unfinished({ businessId, fileName: fresh.fileName }))
  const progress = known ?? fresh
  return {
    kind: 'begun',
    delimiter: head.delimiter,
    columns,
    context: {
      importId: fresh.id,
      business,
      template,
      asOf: progress.asOf,
    },
    businessIds: await familyIds(needs, businessId),
    progress,
    resumedAt: known?.line ?? null,
    changedSinceLine: known || unfinished === undefined || unfinished.id === fresh.id ? null : unfinished.line,
  }
}

const freshProgress = async (
  { clock }: ImportNeeds,
  { businessId, path, asOf }: ImportFile,
  { offsetBytes, line }: Extract<CsvHead, { kind: 'head' }>,
  file: FileHandle,
): Promise<ImportProgress> => {
  const { size, mtimeMs } = await file.stat()
  const now = clock()
  return {
    id: derivedId('imp', businessId, await hashOf(file)),
    businessId,
    fileName: basename(path),
    sizeBytes: size,
    asOf: Math.min(asOf ?? Math.floor(mtimeMs), now),
    offsetBytes,
    line,
    counts: NO_COUNTS,
    errorFileBytes: 0,
    pendingErrors: [],
    startedAt: now,
    updatedAt: now,
    finishedAt: null,
  }
}

const run = async (needs: ImportNeeds, asked: ImportFile, file: FileHandle, begun: Begun): Promise<ImportOutcome> => {
  const { delimiter, columns, context, businessIds } = begun
  const { isDryRun, signal } = asked
  const takeChunk = createTakeChunk(needs)
  const pace = createChunkPace()
  const { mtimeMs } = await file.stat()
  let progress = begun.progress
  let errors: ErrorFile | undefined
  const stopped = (sentence: string | null): ImportOutcome => ({
    kind: 'stopped',
    sentence,
    ...reportOf(begun, progress),
  })
  try {
    errors = await openErrorFile(asked.errorsPath, progress.errorFileBytes)
    await errors.append(progress.pendingErrors)
    for await (const chunk of chunksOf(asked.path, { ...progress, delimiter }, columns, pace)) {
      if (signal.aborted) return stopped(null)
      if ((await file.stat()).mtimeMs !== mtimeMs) return stopped(CHANGED)
      const before = { ...progress, errorFileBytes: errors.sizeBytes, pendingErrors: [] }
      const since = process.cpuUsage()
      const taken = await takeChunk({ chunk, progress: before, context, businessIds, isDryRun })
      if (taken.kind === 'moved') return stopped(ELSEWHERE)
      pace.took(cpuMs(process.cpuUsage(since)), !(await needs.isProgramRunning()))
      progress = taken.progress
      await errors.append(progress.pendingErrors)
      asked.onProgress(progress)
    }
    progress = { ...progress, errorFileBytes: errors.sizeBytes, pendingErrors: [], finishedAt: needs.clock() }
    if (!isDryRun) await needs.db.write(needs.store.advance(progress))
    return { kind: 'finished', ...reportOf(begun, progress) }
  } catch (error) {
    const sentence = sentenceFor(error, asked.errorsPath)
    if (sentence === null) throw error
    return stopped(sentence)
  } finally {
    await errors?.close()
  }
}

const CHANGED = 'The file was changed while it was read: start again, and what is in already stays as it is.'
const ELSEWHERE = 'Another process imports the same file: leave it to that one.'

const sentenceFor = (error: unknown, errorsPath: string): string | null => {
  if (error instanceof CsvBrokenError) return error.message
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC')
    return `The list of wrong lines, ${errorsPath}, has no room on its disk: make some and start again.`
  const isElsewhere =
    code === 'EACCES' || code === 'EROFS' || code === 'ENOENT' || code === 'EISDIR' || code === 'EPERM'
  return isElsewhere
    ? `The list of wrong lines cannot be written to ${errorsPath}: name another place by --errors.`
    : null
}

/** What the disk takes is no reason for fewer rows: a commit waits for it once, however many they are. */
const cpuMs = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000

const templateFor = async (
  { db, templates }: ImportNeeds,
  { businessId, templateId }: ImportFile,
): Promise<CardTemplateRow | null | undefined> => {
  const offered = await db.read(templates.cardTemplatesOf({ businessId }))
  return templateId === null ? (offered[0] ?? null) : offered.find(({ id }) => id === templateId)
}

const reportOf = (begun: Begun, { counts, line }: ImportProgress): ImportReport => ({
  counts,
  line,
  resumedAt: begun.resumedAt,
  ignoredColumns: begun.columns.ignored,
  changedSinceLine: begun.changedSinceLine,
})

const hashOf = async (file: FileHandle): Promise<string> => {
  const hash = createHash('sha256')
  for await (const bytes of file.createReadStream({ start: 0, autoClose: false })) hash.update(bytes)
  return hash.digest('hex')
}

const refuse = (sentence: string): Refused => ({ kind: 'refused', sentence })
