import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { monotonicMs } from '../rig/clock.js'
import { atLeast, atMost, type Line } from '../rig/report.js'
import { usageOf } from '../rig/usage.js'
import { bareInsertsPerSec } from './bare-inserts.js'

const FEW = 100_000
const MANY = 400_000
const LOOK_MS = 20
/** So many lines are written at once. */
const LINES_AT_ONCE = 10_000

const CLI = fileURLToPath(new URL('../../src/cli.js', import.meta.url))

/** Rows of a 7stamp export, imported by the program and by SQLite's own shell, each into a file of its own. */
export const benchImport = async (): Promise<Line[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-bench-'))
  try {
    const few = await importRows(folder, FEW)
    const many = await importRows(folder, MANY)
    const plain = plainRowsPerSec(folder)
    const bareRowsPerSec = bareInsertsPerSec(dataDirOf(folder, MANY))
    return [
      { name: 'rows_per_sec', what: `rows imported, of ${MANY}`, value: many.rowsPerSec, unit: '/s' },
      { name: 'plain_rows_per_sec', what: plain.what, value: plain.rowsPerSec, unit: '/s' },
      {
        name: 'of_plain',
        what: 'of that',
        value: many.rowsPerSec / plain.rowsPerSec,
        unit: '×',
        target: atLeast(0.25),
        isRatio: true,
      },
      {
        name: 'bare_rows_per_sec',
        what: 'the rows that it made, by bare inserts under the same indexes',
        value: bareRowsPerSec,
        unit: '/s',
      },
      { name: 'of_bare', what: 'of that', value: many.rowsPerSec / bareRowsPerSec, unit: '×', isRatio: true },
      { name: 'peak_mb', what: `peak memory with ${MANY} rows`, value: many.peakMb, unit: 'MB' },
      {
        name: 'growth',
        what: `of that with ${FEW}`,
        value: many.peakMb / few.peakMb,
        unit: '×',
        target: atMost(1.15),
        isRatio: true,
      },
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

const fileOf = (folder: string, rows: number): string => join(folder, `${rows}.csv`)
const dataDirOf = (folder: string, rows: number): string => join(folder, `data-${rows}`)

const writeRows = (file: string, rows: number): void => {
  writeFileSync(file, 'customer_id,card_id,phone,email,name,stamps\n')
  for (let from = 0; from < rows; from += LINES_AT_ONCE) {
    const lines = Array.from({ length: Math.min(LINES_AT_ONCE, rows - from) }, (_, index) => lineOf(from + index))
    appendFileSync(file, lines.join(''))
  }
}

const lineOf = (i: number): string => `c_${i},card_${i},+38050${1_000_000 + i},g${i}@cafe.example,Guest ${i},${i % 9}\n`

/** The whole command, with its start. */
const importRows = async (folder: string, rows: number) => {
  const file = fileOf(folder, rows)
  writeRows(file, rows)
  const since = monotonicMs()
  const program = spawn(process.execPath, [CLI, 'import', file, '--json'], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDirOf(folder, rows),
      DEMO: '0',
    },
    stdio: 'ignore',
  })
  let peakMb = 0
  const look = setInterval(() => {
    const { peakRssMb } = usageOf(program.pid ?? 0)
    if (peakRssMb > peakMb) peakMb = peakRssMb
  }, LOOK_MS)
  const [code] = await once(program, 'exit')
  clearInterval(look)
  if (code !== 0) throw new Error(`the import ended with ${code}`)
  return { rowsPerSec: (rows * 1000) / (monotonicMs() - since), peakMb }
}

/** SQLite's shell on the same file: text without an index. */
const plainRowsPerSec = (folder: string): { readonly what: string; readonly rowsPerSec: number } => {
  const since = monotonicMs()
  const shell = spawnSync('sqlite3', ['-csv', join(folder, 'plain.sqlite'), `.import '${fileOf(folder, MANY)}' people`])
  if (shell.status !== 0) throw new Error('sqlite3 is not installed: this bench compares with its .import')
  return {
    what: 'by sqlite3 .import, which keeps text without an index',
    rowsPerSec: (MANY * 1000) / (monotonicMs() - since),
  }
}
