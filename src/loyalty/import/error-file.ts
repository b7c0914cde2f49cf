import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { LineError } from './read-row.js'

const HEADER = 'line,column,message\n'

/** The list of wrong lines: a CSV that grows with the import, and is cut back to what the import has committed. */
export interface ErrorFile {
  readonly sizeBytes: number
  /** Durable when it resolves. */
  append(errors: readonly LineError[]): Promise<void>
  close(): Promise<void>
}

/** Opens or makes it and cuts off what is beyond `keepBytes`: lines of a chunk that was never committed. */
export const openErrorFile = async (path: string, keepBytes: number): Promise<ErrorFile> => {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    const opened = await file.stat()
    if (opened.isFile() && opened.size > keepBytes) await file.truncate(keepBytes)
    return await writer(file, Math.min(opened.size, keepBytes))
  } catch (error) {
    await file.close()
    throw error
  }
}

const writer = async (file: FileHandle, from: number): Promise<ErrorFile> => {
  let sizeBytes = from
  const write = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; )
      at += (await file.write(bytes, at, bytes.length - at, sizeBytes + at)).bytesWritten
    await file.datasync()
    sizeBytes += bytes.length
  }
  if (sizeBytes === 0) await write(HEADER)
  return {
    get sizeBytes() {
      return sizeBytes
    },
    append: async (errors) => {
      if (errors.length > 0) await write(errors.map(lineOf).join(''))
    },
    close: () => file.close(),
  }
}

const lineOf = ({ line, column, message }: LineError): string =>
  `${line},${column},"${message.replaceAll('"', '""')}"\n`
