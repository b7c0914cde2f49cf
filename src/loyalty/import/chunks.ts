import type { Columns } from './columns.js'
import { csvRows } from './csv-file.js'
import { type ImportRow, type LineError, readRow } from './read-row.js'

/** So many rows of a file that are taken over in one transaction. */
export interface Chunk {
  readonly rows: readonly ImportRow[]
  /** Of lines that could not be read as a row. */
  readonly errors: readonly LineError[]
  /** Lines with something on them. */
  readonly lines: number
  readonly wrongLines: number
  /** Where the next chunk begins. */
  readonly offsetBytes: number
  readonly line: number
  readonly isLast: boolean
}

const FEWEST_ROWS = 25
/** What others do not notice who write to the same file. */
const BESIDE_OTHERS = { rows: 500, ms: 10 }
/** A commit writes each page of each index once, however many rows are on it: where nobody waits, few large ones are faster. */
const ALONE = { rows: 5_000, ms: 500 }

/** How many rows the next transaction takes. */
export const createChunkPace = () => {
  let rows = 100
  return {
    get rows() {
      return rows
    },
    /** What the last chunk took, and whether the program runs beside the import. */
    took: (ms: number, isAlone: boolean): void => {
      const most = isAlone ? ALONE : BESIDE_OTHERS
      const fitting = Math.floor((rows * most.ms * 0.8) / Math.max(ms, 0.1))
      rows = Math.min(most.rows, Math.max(FEWEST_ROWS, Math.min(fitting, rows * 2)))
    },
  }
}

/** The rest of the file in chunks; the last may be empty. Throws CsvBrokenError behind the last chunk that could be read. */
export async function* chunksOf(
  path: string,
  from: { readonly delimiter: string; readonly offsetBytes: number; readonly line: number },
  columns: Extract<Columns, { kind: 'columns' }>,
  pace: { readonly rows: number },
): AsyncGenerator<Chunk> {
  let chunk = emptyChunk(from)
  try {
    for await (const { cells, line, nextOffsetBytes, nextLine } of csvRows(path, from)) {
      const isEmpty = cells.every((cell) => cell.trim() === '')
      const read = isEmpty ? null : readRow(cells, line, columns)
      if (read?.kind === 'row') chunk.rows.push(read.row)
      if (read?.kind === 'wrong') chunk.errors.push(...read.errors)
      if (read) chunk.lines++
      if (read?.kind === 'wrong') chunk.wrongLines++
      chunk.offsetBytes = nextOffsetBytes
      chunk.line = nextLine
      if (chunk.lines < pace.rows) continue
      yield { ...chunk, isLast: false }
      chunk = emptyChunk(chunk)
    }
  } catch (error) {
    if (chunk.lines > 0) yield { ...chunk, isLast: false }
    throw error
  }
  yield { ...chunk, isLast: true }
}

const emptyChunk = ({ offsetBytes, line }: { readonly offsetBytes: number; readonly line: number }) => ({
  rows: [] as ImportRow[],
  errors: [] as LineError[],
  lines: 0,
  wrongLines: 0,
  offsetBytes,
  line,
})
