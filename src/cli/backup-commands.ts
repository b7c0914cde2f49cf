import { makeBackup } from '../backup/make-backup.js'
import { masterKeyFingerprint } from '../business/sealing.js'
import { assertNever } from '../errors.js'
import type { OwnVerification } from '../loyalty/own/verify/verify-own.js'
import { type Command, required } from './command.js'
import { openProgressBar } from './progress-bar.js'

const BACKUP = 'backup <folder>'
const WITH_POSTGRES =
  'The database is PostgreSQL, which makes its own backups: pg_dump --format=custom --file=stampcast.dump "$DATABASE_URL", ' +
  'and pg_restore --clean --dbname="$DATABASE_URL" stampcast.dump brings it back. Keep MASTER_KEY apart from it.'

export const BACKUP_COMMANDS: Readonly<Record<string, Command>> = {
  backup: {
    usage: BACKUP,
    about: 'copy the database while the program runs, and look the copy through. Keep the master key apart from it',
    run: async ({ foundation }, [given]) => {
      const { config, masterKey, clock } = foundation
      const folder = required(given, BACKUP)
      if (config.database.kind === 'postgres') return { rows: [], failed: true, empty: WITH_POSTGRES }
      const bar = openProgressBar(process.stderr)
      try {
        const outcome = await makeBackup({
          database: config.database.file,
          folder,
          masterKeyFingerprint: masterKeyFingerprint(masterKey),
          now: clock(),
          onProgress: (share) => bar.show(share, 'copied'),
        })
        if (outcome.kind === 'refused') return { rows: [], failed: true, empty: outcome.sentence }
        const { file, bytes, sha256 } = outcome
        return { rows: [{ file, bytes, sha256, master_key: masterKeyFingerprint(masterKey) }], empty: '' }
      } finally {
        bar.end()
      }
    },
  },
  verify: {
    usage: 'verify',
    about: 'look through the database, the audit log, and whether all cards are as the journal tells',
    run: async ({ foundation: { verifying, access, db, businesses } }) => {
      const { checked, wrong } = verifying.database()
      const rows = [
        {
          check: 'database',
          of: null as string | null,
          state: wrong === null ? 'whole' : 'broken',
          detail: wrong ?? (checked ? 'integrity_check: ok' : 'not looked at: use pg_amcheck for PostgreSQL'),
        },
      ]
      for (const { id } of await db.read(businesses.all({}))) {
        const audit = await access.audit.verify(id)
        const auditDetail =
          audit.kind === 'whole'
            ? `${audit.entries} entries`
            : `entry ${audit.seq} is ${audit.why.replaceAll('_', ' ')}`
        rows.push({ check: 'audit log', of: id, state: audit.kind, detail: auditDetail })
        rows.push({ check: 'own cards', of: id, ...ownRow(await verifying.own(id)) })
      }
      return { rows, empty: '', failed: rows.some(({ state }) => state !== 'whole') }
    },
  },
}

const ownRow = (verification: OwnVerification) => {
  switch (verification.kind) {
    case 'same':
      return { state: 'whole', detail: `${verification.cards} cards of ${verification.customers} customers` }
    case 'different': {
      const { table, id, fields, customerId } = verification
      const what = fields.length === 0 ? 'is not in both' : `differs in ${fields.join(', ')}`
      return { state: 'different', detail: `${table}: ${id} of ${customerId} ${what}` }
    }
    default:
      return assertNever(verification)
  }
}
