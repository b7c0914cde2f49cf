import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { rounded } from './statistics.js'

/** One line of a bench's table. With a target it is judged; `isRatio` marks what may be compared between machines. */
export interface Line {
  /** Its name in the JSON line. */
  readonly name: string
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly target?: Target
  readonly isRatio?: boolean
}

export interface Target {
  readonly is: 'at least' | 'at most'
  readonly value: number
}

export const atLeast = (value: number): Target => ({ is: 'at least', value })
export const atMost = (value: number): Target => ({ is: 'at most', value })

/** What was measured, as a table for people and as one JSON line for programs. Missing a target is no failure. */
export const printReport = (bench: string, lines: readonly Line[], loadBefore: number): void => {
  const rows = lines.map(({ what, value, unit, target }) => [
    what,
    `${rounded(value)} ${unit}`,
    target ? `${target.is} ${rounded(target.value)}` : '',
    target ? (isMet(value, target) ? 'yes' : 'NO') : '',
  ])
  const table = [[bench, 'measured', 'target', 'met'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  for (const row of table) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`)
  console.log(JSON.stringify({ bench, at: new Date().toISOString(), machine: machine(loadBefore), ...asJson(lines) }))
}

const asJson = (lines: readonly Line[]) => {
  const valuesOf = (some: readonly Line[]) => Object.fromEntries(some.map(({ name, value }) => [name, rounded(value)]))
  const judged = lines.flatMap(({ name, value, target }) => (target ? [[name, isMet(value, target)]] : []))
  return {
    ratios: valuesOf(lines.filter(({ isRatio }) => isRatio)),
    figures: valuesOf(lines.filter(({ isRatio }) => !isRatio)),
    met: Object.fromEntries(judged),
  }
}

const isMet = (value: number, target: Target): boolean =>
  target.is === 'at least' ? value >= target.value : value <= target.value

/** How busy the machine is by itself: with a load near its cores, no figure means much. */
export const currentLoad = (): number => loadavg()[0] ?? Number.NaN

const machine = (loadBefore: number) => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMb: Math.round(totalmem() / 2 ** 20),
  os: `${type()} ${release()}`,
  node: process.version,
  loadBefore: rounded(loadBefore),
})
