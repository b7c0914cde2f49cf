import type { Printed } from './command.js'

/**
 * A table with a column for each field, or JSON that another program reads. A single row that is wider than the window
 * stands field by field instead, `columns` being null where there is no window.
 */
export const printedText = (
  { rows, empty, document }: Printed,
  { isJson, columns }: { readonly isJson: boolean; readonly columns: number | null },
): string => {
  if (document) return JSON.stringify(document, null, isJson ? 0 : 2)
  if (isJson) return JSON.stringify(rows)
  const [first] = rows
  if (!first) return empty
  const names = Object.keys(first)
  const lines = tableOf(names, rows)
  const isTooWide = columns !== null && lines.some((line) => line.length > columns)
  return (rows.length === 1 && isTooWide ? fieldByField(first) : lines).join('\n')
}

type Row = Printed['rows'][number]

const tableOf = (names: readonly string[], rows: readonly Row[]): readonly string[] => {
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))]
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const fieldByField = (row: Row): readonly string[] => {
  const width = Math.max(...Object.keys(row).map((name) => name.length)) + 2
  return Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [name.padEnd(width) + value]))
}
