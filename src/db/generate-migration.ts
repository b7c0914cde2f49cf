import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type DrizzleSnapshotJSON,
  type DrizzleSQLiteSnapshotJSON,
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api'
import { schemaOf } from '../schema.js'
import { type Dialect, postgresKit, sqliteKit } from './kit.js'

/**
 * Writes the next migration of each dialect from the difference between the tables as declared and the snapshot of the
 * last one: `npm run migration -- name_of_the_change`. With `--check` it writes nothing and fails if there is a difference.
 */
const FOLDER = join('src', 'db', 'migrations')

const snapshotPath = (dialect: Dialect) => join(FOLDER, dialect, 'snapshot.json')

const readSnapshot = <T>(dialect: Dialect, empty: T): T =>
  existsSync(snapshotPath(dialect)) ? JSON.parse(readFileSync(snapshotPath(dialect), 'utf8')) : empty

/** Text keys sort and compare by bytes on PostgreSQL too, whatever the server's locale. */
const collateTexts = (sql: string) => sql.replaceAll(/^(\s*"[a-z_]+" text)\b/gm, '$1 COLLATE "C"')

const difference = {
  sqlite: async () => {
    const empty = await generateSQLiteDrizzleJson({})
    const previous = readSnapshot<DrizzleSQLiteSnapshotJSON>('sqlite', empty)
    const next = await generateSQLiteDrizzleJson(schemaOf(sqliteKit), previous.id)
    return { next, statements: await generateSQLiteMigration(previous, next) }
  },
  postgres: async () => {
    const previous = readSnapshot<DrizzleSnapshotJSON>('postgres', generateDrizzleJson({}))
    const next = generateDrizzleJson(schemaOf(postgresKit), previous.id)
    return { next, statements: (await generateMigration(previous, next)).map(collateTexts) }
  },
} satisfies Record<Dialect, () => Promise<{ next: object; statements: string[] }>>

const writeMigration = (dialect: Dialect, name: string, next: object, statements: string[]) => {
  const folder = join(FOLDER, dialect)
  mkdirSync(folder, { recursive: true })
  const number = readdirSync(folder).filter((file) => file.endsWith('.sql')).length + 1
  const file = join(folder, `${String(number).padStart(4, '0')}_${name}.sql`)
  writeFileSync(file, `${statements.join('\n--> statement-breakpoint\n')}\n`)
  writeFileSync(snapshotPath(dialect), `${JSON.stringify(next, null, 1)}\n`)
  return file
}

const [name] = process.argv.slice(2)
if (!name || (name !== '--check' && !/^[a-z][a-z0-9_]*$/.test(name))) {
  process.stderr.write('Name the change: npm run migration -- add_campaigns\n')
  process.exit(1)
}
for (const dialect of ['sqlite', 'postgres'] as const) {
  const { next, statements } = await difference[dialect]()
  if (statements.length === 0) process.stdout.write(`${dialect}: the migrations match the declared tables\n`)
  else if (name === '--check') {
    process.stderr.write(
      `${dialect}: tables changed without a migration; run npm run migration -- name_of_the_change\n`,
    )
    process.exitCode = 1
  } else process.stdout.write(`${dialect}: ${writeMigration(dialect, name, next, statements)}\n`)
}
