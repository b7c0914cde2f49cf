import type { FileHandle } from 'node:fs/promises'
import { chunksOf } from '../import/chunks.js'
import { columnsOf } from '../import/columns.js'
import { CsvBrokenError, openCsvFile, readCsvHead } from '../import/csv-file.js'
import type { ImportRow, LineError } from '../import/read-row.js'
import type { ExportedCard } from './compare-card.js'

/** 7stamp's export, read to its end. */
export type Export =
  | {
      readonly kind: 'export'
      /** By 7stamp's card id. */
      readonly cards: Map<string, ExportedCard>
      readonly wrong: readonly LineError[]
      readonly wrongLines: number
      /** When it was written, Unix ms. */
      readonly writtenAt: number
    }
  /** `sentence` says what to change. */
  | { readonly kind: 'refused'; readonly sentence: string }

const ROWS_AT_ONCE = 500

/** Reads the export as a stream, and keeps of each card two ids and a number: half a million cards take some 100 MB. */
export const readExport = async (path: string): Promise<Export> => {
  const file = await openCsvFile(path)
  if (!file) return refuse(`The export ${path} cannot be opened: is it there, and may it be read?`)
  try {
    return await readOpened(path, file)
  } catch (error) {
    if (error instanceof CsvBrokenError) return refuse(error.message)
    throw error
  } finally {
    await file.close()
  }
}

const readOpened = async (path: string, file: FileHandle): Promise<Export> => {
  const head = await readCsvHead(file)
  if (head.kind === 'refused') return head
  const columns = columnsOf(head.header)
  if (columns.kind === 'refused') return columns
  if (columns.indexes.card_id === undefined)
    return refuse('The export has no column of card ids: name the one with 7stamp’s card id card_id.')
  if (columns.indexes.customer_id === undefined)
    return refuse('The export has no column of customer ids: name the one with 7stamp’s customer id customer_id.')
  const cards = new Map<string, ExportedCard>()
  const wrong: LineError[] = []
  let wrongLines = 0
  for await (const chunk of chunksOf(path, head, columns, { rows: ROWS_AT_ONCE })) {
    wrong.push(...chunk.errors)
    wrongLines += chunk.wrongLines
    for (const row of chunk.rows) {
      const problem = problemOf(row, cards)
      if (problem !== null) wrong.push({ line: row.line, column: 'card_id', message: problem })
      if (problem !== null) wrongLines++
    }
  }
  if (cards.size === 0) return refuse('The export has no line with a card: is it the right file?')
  return { kind: 'export', cards, wrong, wrongLines, writtenAt: Math.floor((await file.stat()).mtimeMs) }
}

/** Takes the line in; why not, or null. The same said twice is said once. */
const problemOf = (
  { cardExternalId, externalId, stamps }: ImportRow,
  cards: Map<string, ExportedCard>,
): string | null => {
  if (cardExternalId === null || externalId === null) return 'The line has no card id: nothing is known of its card.'
  const known = cards.get(cardExternalId)
  if (!known) {
    cards.set(cardExternalId, { cardExternalId, customerExternalId: externalId, stamps })
    return null
  }
  const isSame = known.stamps === stamps && known.customerExternalId === externalId
  return isSame ? null : 'An earlier line says something else of this card: leave one of the two out.'
}

const refuse = (sentence: string): Export => ({ kind: 'refused', sentence })
