import { assertNever } from '../errors.js'
import type { ImportOutcome, ImportReport } from '../loyalty/import/import-file.js'
import { type Command, type Printed, required } from './command.js'
import { timeIn, withOptions } from './options.js'
import { openProgressBar } from './progress-bar.js'
import { STOPPED_CODE, stopSignal } from './stop-signal.js'

const USAGE = 'import <file.csv> [--dry-run] [--errors <file>] [--template <id>] [--as-of <time>]'

const SOME_WRONG = 2

export const IMPORT_COMMANDS: Readonly<Record<string, Command>> = {
  import: {
    usage: USAGE,
    about:
      'take customers and cards over from a CSV file; stopped or killed, it goes on where it was. Ends with 2 if lines were wrong',
    run: async ({ foundation, firstBusinessId: businessId }, args) => {
      const { words, options, flags } = withOptions(args, USAGE, {
        names: ['errors', 'template', 'as-of'],
        flags: ['dry-run'],
      })
      const path = required(words[0], USAGE)
      const errorsPath = options.errors ?? `${path}.errors.csv`
      const bar = openProgressBar(process.stderr)
      const stop = stopSignal()
      try {
        const outcome = await foundation.importFile({
          businessId,
          path,
          errorsPath,
          templateId: options.template ?? null,
          asOf: timeIn('as-of', options['as-of']),
          isDryRun: flags['dry-run'] ?? false,
          signal: stop.signal,
          onProgress: ({ offsetBytes, sizeBytes, counts }) =>
            bar.show(offsetBytes / sizeBytes, `${counts.rows} lines, ${counts.wrong} wrong`),
        })
        bar.end()
        return printed(outcome, errorsPath)
      } finally {
        bar.end()
        stop.end()
      }
    },
  },
}

const printed = (outcome: ImportOutcome, errorsPath: string): Printed => {
  switch (outcome.kind) {
    case 'refused':
      return { rows: [], failed: true, empty: outcome.sentence }
    case 'finished':
      return {
        rows: [rowOf('finished', outcome, errorsPath)],
        empty: '',
        ...(outcome.counts.wrong > 0 && { failed: true, exitCode: SOME_WRONG }),
      }
    case 'finished_before':
      return { rows: [rowOf('imported before', outcome, errorsPath)], empty: '' }
    case 'stopped': {
      const row = rowOf(outcome.sentence ?? 'stopped: start it again to go on', outcome, errorsPath)
      return { rows: [row], failed: true, empty: '', ...(outcome.sentence === null && { exitCode: STOPPED_CODE }) }
    }
    default:
      return assertNever(outcome)
  }
}

const rowOf = (state: string, report: ImportReport, errorsPath: string) => {
  const { counts, line, resumedAt, ignoredColumns, changedSinceLine } = report
  return {
    state,
    ...counts,
    next_line: line,
    resumed_at_line: resumedAt,
    ignored_columns: ignoredColumns.join(', ') || null,
    changed_since_line: changedSinceLine,
    wrong_lines: counts.wrong > 0 ? errorsPath : null,
  }
}
