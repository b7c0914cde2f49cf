import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse'
import { parse as parseNow } from 'csv-parse/sync'

/** How a CSV file is written, and where its rows begin. */
export type CsvHead =
  | {
      readonly kind: 'head'
      readonly delimiter: string
      readonly header: readonly string[]
      readonly offsetBytes: number
      /** The line on which the rows begin, counted from 1. */
      readonly line: number
    }
  /** `sentence` says what to change. */
  | { readonly kind: 'refused'; readonly sentence: string }

const MOST_HEADER_BYTES = 64 * 1024
const MOST_ROW_BYTES = 64 * 1024
const DELIMITERS = [',', ';', '\t'] as const
const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22]

/** Null where there is no such file, or one that may not be read. */
export const openCsvFile = async (path: string): Promise<FileHandle | null> => {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
    return null
  } catch {
    return null
  }
}

/** Looks at the beginning of an opened file: encoding, separator and header. */
export const readCsvHead = async (file: FileHandle): Promise<CsvHead> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_HEADER_BYTES), 0, MOST_HEADER_BYTES, 0)
  const bytes = buffer.subarray(0, bytesRead)
  if (bytes.length === 0) return refuse('The file is empty.')
  if (isUtf16(bytes)) return refuse('The file is UTF-16: save it as "CSV UTF-8" and start again.')
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const end = endOfLine(bytes, start)
  if (end === null && bytesRead === MOST_HEADER_BYTES)
    return refuse('The first line is too long for a header: is this a CSV file?')
  const text = bytes.subarray(start, end ?? bytes.length).toString('utf8')
  const delimiter = delimiterOf(text)
  const header = headerIn(text, delimiter)
  if (header === null) return refuse('The header cannot be read: a quote in it is opened and not closed.')
  return { kind: 'head', delimiter, header, offsetBytes: end ?? bytes.length, line: 1 + newlinesIn([text]) }
}

/** One row with where it stands. */
export interface CsvRow {
  readonly cells: readonly string[]
  /** On which it begins. */
  readonly line: number
  /** Where the next row begins. */
  readonly nextOffsetBytes: number
  readonly nextLine: number
}

/** The file cannot be read any further. */
export class CsvBrokenError extends Error {
  readonly line: number
  constructor(line: number) {
    super(`From line ${line} on the file cannot be read: a quote is opened and not closed, or a row is over 64 KB.`)
    this.line = line
  }
}

/**
 * The rows from a place on which a row begins, as a stream: no more of the file is in memory than a few buffers. Throws
 * CsvBrokenError.
 */
export async function* csvRows(
  path: string,
  { delimiter, offsetBytes, line }: { readonly delimiter: string; readonly offsetBytes: number; readonly line: number },
): AsyncGenerator<CsvRow> {
  const bytes = createReadStream(path, { start: offsetBytes })
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MOST_ROW_BYTES,
  })
  bytes.on('error', (error) => parser.destroy(error))
  let nextLine = line
  try {
    for await (const { record, info } of bytes.pipe(parser) as AsyncIterable<ParsedRecord>) {
      const begin = nextLine
      nextLine += 1 + newlinesIn(record)
      yield { cells: record, line: begin, nextOffsetBytes: offsetBytes + info.bytes, nextLine }
    }
  } catch (error) {
    throw error instanceof CsvError ? new CsvBrokenError(nextLine) : error
  } finally {
    bytes.destroy()
  }
}

interface ParsedRecord {
  readonly record: readonly string[]
  readonly info: { readonly bytes: number }
}

const newlinesIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => (/[\r\n]/.test(cell) ? sum + cell.split(/\r\n|\n|\r/).length - 1 : sum), 0)

/** By its mark, or by the zero bytes that every Latin letter has in it. */
const isUtf16 = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0)

/** Where the next line begins; null if there is none. A newline between quotes ends no line. */
const endOfLine = (bytes: Buffer, start: number): number | null => {
  let isQuoted = false
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) isQuoted = !isQuoted
    if (isQuoted) continue
    if (byte === LF) return at + 1
    if (byte === CR) return bytes[at + 1] === LF ? at + 2 : at + 1
  }
  return null
}

const delimiterOf = (text: string): string => {
  const plain = text.replaceAll(/"[^"]*"/g, '')
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: plain.split(delimiter).length }))
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).delimiter
}

const headerIn = (text: string, delimiter: string): readonly string[] | null => {
  try {
    const [header = []]: string[][] = parseNow(text, { delimiter, relax_column_count: true })
    return header
  } catch (error) {
    if (error instanceof CsvError) return null
    throw error
  }
}

const refuse = (sentence: string): CsvHead => ({ kind: 'refused', sentence })
