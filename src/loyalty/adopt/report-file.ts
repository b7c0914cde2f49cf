import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { csvLine } from '../export/columns.js'

/** Its cells. */
export type ReportLine = readonly (string | number | null)[]

/** A CSV with a line for each card, for whoever looks through an adoption. */
export interface ReportFile {
  /** Takes away what an earlier report of this name said, and puts the header in. */
  begin(header: readonly string[]): Promise<void>
  add(...lines: readonly ReportLine[]): Promise<void>
  close(): Promise<void>
}

/** Opens the report; null where it cannot be written. Until it begins, an older one of this name stays as it is. */
export const openReport = async (path: string): Promise<ReportFile | null> => {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600).catch(() => null)
  if (!file) return null
  const add = async (...lines: readonly ReportLine[]): Promise<void> => {
    if (lines.length > 0) await file.writeFile(lines.map(csvLine).join(''))
  }
  return {
    begin: async (header) => {
      if ((await file.stat()).isFile()) await file.truncate(0)
      await add(header)
    },
    add,
    close: () => file.close(),
  }
}

export const unwritable = (path: string): string =>
  `The report cannot be written to ${path}: name another place by --report.`
