import { assertNever } from '../errors.js'
import { customerIdOf } from '../events/journaled-event.js'
import { EXPORTED_TABLES, type ExportedTable, type ExportOutcome } from '../loyalty/export/export-table.js'
import { type Command, type CommandContext, type Printed, required } from './command.js'
import { withOptions } from './options.js'
import { openProgressBar } from './progress-bar.js'
import { STOPPED_CODE, stopSignal } from './stop-signal.js'

const ONE = 'export customer <id>'

/** What of a person is not in their export. */
const LEFT_OUT = [
  'secrets: the hashes of one-time links and of the web chat’s keys open what is theirs, and tell nothing about them',
  'technical traces: lanes, leases and tries of sending hold ids and times only',
  'the audit log: it tells what staff did, and holds no contacts',
  'what is in Telegram and other messengers: it is theirs to export there',
]

const tableCommand = (table: ExportedTable): readonly [string, Command] => {
  const usage = `export ${table} --out <file.csv>`
  return [
    `export ${table}`,
    {
      usage,
      about: `write all ${table} to a new CSV file, without erased people and the demo’s`,
      run: async ({ foundation, firstBusinessId: businessId }, args) => {
        const { options } = withOptions(args, usage, { names: ['out'] })
        const path = required(options.out, usage)
        const bar = openProgressBar(process.stderr)
        const stop = stopSignal()
        try {
          const outcome = await foundation.exportTable({
            businessId,
            table,
            path,
            signal: stop.signal,
            onProgress: ({ rows, total }) => bar.show(rows / Math.max(total, 1), `${rows} ${table}`),
          })
          return printed(outcome, path)
        } finally {
          bar.end()
          stop.end()
        }
      },
    },
  ]
}

export const EXPORT_COMMANDS: Readonly<Record<string, Command>> = {
  'export customer': {
    usage: ONE,
    about: 'print all that is held on a customer, as JSON; the id is ours, or 7stamp’s',
    run: async (context, [id]) => {
      const customerId = await customerNamed(context, required(id, ONE))
      if (customerId === null) return { rows: [], failed: true, empty: `There is no customer ${id}, or not any more.` }
      const held = await context.foundation.erasing.exportPerson(customerId)
      return { rows: [], empty: '', document: { customer: customerId, held, left_out: LEFT_OUT } }
    },
  },
  ...Object.fromEntries(EXPORTED_TABLES.map(tableCommand)),
}

/** By our id or 7stamp's; an erased person is nobody. */
const customerNamed = async ({ foundation, firstBusinessId }: CommandContext, id: string): Promise<string | null> => {
  for (const customerId of [id, customerIdOf(firstBusinessId, id)]) {
    const [customer] = await foundation.db.read(foundation.loyalty.customerById({ id: customerId }))
    if (customer && customer.erasedAt === null) return customer.id
  }
  return null
}

const printed = (outcome: ExportOutcome, file: string): Printed => {
  switch (outcome.kind) {
    case 'exported':
      return { rows: [{ file, rows: outcome.rows }], empty: '' }
    case 'stopped':
      return { rows: [], failed: true, exitCode: STOPPED_CODE, empty: 'Stopped: no file was kept.' }
    case 'refused':
      return { rows: [], failed: true, empty: outcome.sentence }
    default:
      return assertNever(outcome)
  }
}
