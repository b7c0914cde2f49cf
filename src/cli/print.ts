import type { Command, Printed } from './command.js'

export const helpText = (commands: Readonly<Record<string, Command>>): string => {
  const lines = Object.values(commands).map(({ usage, about }) => `  ${usage.padEnd(40)}${about}`)
  return [
    'Use: npm run cli -- <command> [--json]',
    '',
    ...lines,
    '',
    'It works on the database that the environment and .env name, also while the program runs.',
  ].join('\n')
}

/** A table with a column for each field, or JSON that another program reads. */
export const printedText = ({ rows, empty }: Printed, isJson: boolean): string => {
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
