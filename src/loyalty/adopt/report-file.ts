import { open } from 'node:fs/promises'
import { csvLine } from '../export/columns.js'

/** Its cells. */
export type ReportLine = readonly (string | number | null)[]

/** A CSV with a line for each card, for whoever looks through an adoption. */
export interface ReportFile {
  add(...lines: readonly ReportLine[]): Promise<void>
  close(): Promise<void>
}

/** Opens the report and puts its header in; null where it cannot be written. An older one of this name is overwritten. */
export const openReport = async (path: string, header: readonly string[]): Promise<ReportFile | null> => {
  const file = await open(path, 'w', 0o600).catch(() => null)
  if (!file) return null
  const add = async (...lines: readonly ReportLine[]): Promise<void> => {
    if (lines.length > 0) await file.write(lines.map(csvLine).join(''))
  }
  await add(header)
  return { add, close: () => file.close() }
}

export const unwritable = (path: string): string =>
  `The report cannot be written to ${path}: name another place by --report.`
