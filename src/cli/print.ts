import type { Command, Printed } from './command.js'

const ABOUT_COLUMN = 42

export const helpText = (commands: readonly Pick<Command, 'usage' | 'about'>[]): string => {
  const lines = commands.map(({ usage, about }) => {
    const first = `  ${usage} `.padEnd(ABOUT_COLUMN)
    return first.length > ABOUT_COLUMN ? `${first.trimEnd()}\n${' '.repeat(ABOUT_COLUMN)}${about}` : first + about
  })
  return [
    'Use: npm run cli -- <command> [--json]',
    '',
    ...lines,
    '',
    'It works on the database that the environment and .env name, also while the program runs.',
  ].join('\n')
}

/** A table with a column for each field, or JSON that another program reads. */
export const printedText = ({ rows, empty, document }: Printed, isJson: boolean): string => {
  if (document) return JSON.stringify(document, null, isJson ? 0 : 2)
  if (isJson) return JSON.stringify(rows)
  const [first] = rows
  if (!first) return empty
  const names = Object.keys(first)
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))]
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
