import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import SqliteFile from 'better-sqlite3'
import { monotonicMs } from '../rig/clock.js'
import { atLeast, atMost, type Line } from '../rig/report.js'
import { usageOf } from '../rig/usage.js'

const FEW = 15_000
const MANY = 60_000
const LOOK_MS = 20
/** V8 takes what it is given before it collects: with little it shows whether rows are kept. */
const HEAP_MB = 64

const CLI = fileURLToPath(new URL('../../src/cli.js', import.meta.url))

/** Rows of a 7stamp export, imported by the program and by SQLite's own shell, each into a file of its own. */
export const benchImport = async (): Promise<Line[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-bench-'))
  try {
    const few = await importRows(folder, FEW)
    const many = await importRows(folder, MANY)
    const baseline = plainRowsPerSec(folder)
    return [
      { name: 'rows_per_sec', what: `rows imported, of ${MANY}`, value: many.rowsPerSec, unit: '/s' },
      { name: 'plain_rows_per_sec', what: baseline.what, value: baseline.rowsPerSec, unit: '/s' },
      {
        name: 'of_plain',
        what: 'of that',
        value: many.rowsPerSec / baseline.rowsPerSec,
        unit: '×',
        target: atLeast(0.25),
        isRatio: true,
      },
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

/** The whole command, with its start. */
const importRows = async (folder: string, rows: number) => {
  const file = fileOf(folder, rows)
  const lines = Array.from(
    { length: rows },
    (_, i) => `c_${i},card_${i},+38050${1_000_000 + i},g${i}@cafe.example,Guest ${i},${i % 9}\n`,
  )
  writeFileSync(file, `customer_id,card_id,phone,email,name,stamps\n${lines.join('')}`)
  const since = monotonicMs()
  const program = spawn(process.execPath, [CLI, 'import', file, '--json'], {
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
      DATA_DIR: join(folder, `data-${rows}`),
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

/** SQLite's shell on the same file; where it is missing, a loop of plain inserts in one transaction. */
const plainRowsPerSec = (folder: string): { readonly what: string; readonly rowsPerSec: number } => {
  const since = monotonicMs()
  const database = join(folder, 'plain.sqlite')
  const shell = spawnSync('sqlite3', ['-csv', database, `.import '${fileOf(folder, MANY)}' people`])
  if (shell.status === 0)
    return { what: 'by sqlite3 .import, which keeps text', rowsPerSec: (MANY * 1000) / (monotonicMs() - since) }
  return { what: 'by plain inserts (sqlite3 is not here)', rowsPerSec: plainInserts(database) }
}

const plainInserts = (database: string): number => {
  const file = new SqliteFile(database)
  file.exec('create table people (a, b, c, d, e, f)')
  const insert = file.prepare('insert into people values (?, ?, ?, ?, ?, ?)')
  const since = monotonicMs()
  file.transaction(() => {
    for (let i = 0; i < MANY; i++)
      insert.run(`c_${i}`, `card_${i}`, `+38050${1_000_000 + i}`, `g${i}@cafe.example`, `Guest ${i}`, i % 9)
  })()
  const rowsPerSec = (MANY * 1000) / (monotonicMs() - since)
  file.close()
  return rowsPerSec
}
