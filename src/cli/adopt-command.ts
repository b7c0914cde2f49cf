import { assertNever } from '../errors.js'
import type { AdoptOutcome } from '../loyalty/adopt/adopt-cards.js'
import type { AdoptCounts } from '../loyalty/adopt/adopt-counts.js'
import { undoUntil } from '../loyalty/adopt/adoption-record.js'
import type { AdoptionStatus } from '../loyalty/adopt/adoption-status.js'
import { failedSentence } from '../loyalty/adopt/unapplied-events.js'
import type { UndoOutcome } from '../loyalty/adopt/undo-adoption.js'
import { type Command, type CommandContext, type Printed, UsageError } from './command.js'
import { timeIn, withOptions } from './options.js'
import { openProgressBar } from './progress-bar.js'
import { openAsker } from './questions.js'
import { STOPPED_CODE, stopSignal } from './stop-signal.js'

const USAGE =
  'adopt --template <id> --export <file.csv> [--dry-run] [--unknown-as-zero] [--as-of <time>] [--report <file>] [--yes] | ' +
  '--undo | --status'

/** Some cards stay 7stamp's, or lines could not be read. */
const SOME_LEFT = 2

export const ADOPT_COMMANDS: Readonly<Record<string, Command>> = {
  adopt: {
    usage: USAGE,
    about:
      'leave 7stamp: compare its export with the mirror, then make its cards and vouchers your own; --undo within 7 days. ' +
      'Ends with 2 if cards were left',
    run: (context, args) => {
      const { words, options, flags } = withOptions(args, USAGE, {
        names: ['template', 'export', 'as-of', 'report'],
        flags: ['dry-run', 'unknown-as-zero', 'yes', 'undo', 'status'],
      })
      if (words.length > 0 || (flags.undo && flags.status)) throw new UsageError(`Use: npm run cli -- ${USAGE}`)
      if (flags.status) return status(context)
      if (flags.undo)
        return undo(context, { reportPath: options.report ?? 'adopt-undo.csv', isSure: flags.yes ?? false })
      const { template: templateId, export: exportPath } = options
      if (templateId === undefined || exportPath === undefined) throw new UsageError(`Use: npm run cli -- ${USAGE}`)
      return adopt(context, {
        templateId,
        exportPath,
        reportPath: options.report ?? `${exportPath}.adopt.csv`,
        asOf: timeIn('as-of', options['as-of']),
        isUnknownZero: flags['unknown-as-zero'] ?? false,
        isDryRun: flags['dry-run'] ?? false,
        isSure: flags.yes ?? false,
      })
    },
  },
}

interface Asked {
  readonly reportPath: string
  readonly isSure: boolean
}

interface AskedAdoption extends Asked {
  readonly templateId: string
  readonly exportPath: string
  readonly asOf: number | null
  readonly isUnknownZero: boolean
  readonly isDryRun: boolean
}

const adopt = async (
  { foundation, firstBusinessId: businessId }: CommandContext,
  { isSure, ...asked }: AskedAdoption,
): Promise<Printed> => {
  if (!asked.isDryRun)
    await confirm(isSure, 'This makes 7stamp’s cards your own. Has the dry run shown what you expect?')
  const bar = openProgressBar(process.stderr)
  const stop = stopSignal()
  try {
    const outcome = await foundation.adopting.adoptCards({
      ...asked,
      businessId,
      now: foundation.clock(),
      signal: stop.signal,
      onProgress: (share, cards) => bar.show(share, `${cards} cards`),
    })
    bar.end()
    return adoptionPrinted(outcome, asked.reportPath)
  } finally {
    bar.end()
    stop.end()
  }
}

const undo = async (
  { foundation, firstBusinessId: businessId }: CommandContext,
  { isSure, reportPath }: Asked,
): Promise<Printed> => {
  await confirm(
    isSure,
    'This gives the cards back to 7stamp, which does not know the stamps given here since. Are you sure?',
  )
  const stop = stopSignal()
  try {
    const outcome = await foundation.adopting.undo({ businessId, reportPath, signal: stop.signal })
    return undoPrinted(outcome, reportPath)
  } finally {
    stop.end()
  }
}

const status = async ({ foundation, firstBusinessId }: CommandContext): Promise<Printed> => ({
  rows: (await foundation.adopting.status(firstBusinessId)).map(statusRow),
  empty: 'Nothing was adopted.',
})

/** `--yes`, or the word at the terminal. */
const confirm = async (isSure: boolean, text: string): Promise<void> => {
  const asker = openAsker(USAGE)
  try {
    const read = (typed: string) => (typed.toLowerCase() === 'yes' ? true : null)
    const hint = 'Type yes to go on, or end with Ctrl-C.'
    await asker.ask({ option: 'yes', text: `${text} (yes)`, usual: null, read, hint }, isSure ? 'yes' : undefined)
  } finally {
    asker.close()
  }
}

const adoptionPrinted = (outcome: AdoptOutcome, reportPath: string): Printed => {
  switch (outcome.kind) {
    case 'refused':
      return { rows: [], failed: true, empty: outcome.sentence }
    case 'nothing_left':
      return { rows: [], empty: 'No card or voucher of 7stamp’s is left: all are your own.' }
    case 'undo_begun':
      return { rows: [], failed: true, empty: 'An undo was begun meanwhile: what was left stays 7stamp’s.' }
    case 'compared': {
      const { counts, failedEvents } = outcome
      const warning = failedEvents > 0 && { failed_events: failedEvents, note: failedSentence(failedEvents) }
      return countsPrinted(counts, { ...rowOf('dry run', counts, reportPath), ...warning })
    }
    case 'adopted': {
      const { counts, isResumed } = outcome
      const state = isResumed ? 'adopted, after an earlier start' : 'adopted'
      return countsPrinted(counts, rowOf(state, counts, reportPath))
    }
    case 'stopped': {
      const row = rowOf('stopped: start it again to go on', outcome.counts, reportPath)
      return { rows: [row], empty: '', failed: true, exitCode: STOPPED_CODE }
    }
    default:
      return assertNever(outcome)
  }
}

const countsPrinted = ({ left, only_in_export, wrongLines }: AdoptCounts, row: Printed['rows'][number]): Printed => {
  const isPart = left + only_in_export + wrongLines > 0
  return { rows: [row], empty: '', ...(isPart && { failed: true, exitCode: SOME_LEFT }) }
}

const rowOf = (state: string, { wrongLines, left, cards, vouchers, ...states }: AdoptCounts, report: string) => ({
  state,
  cards,
  vouchers,
  left_at_7stamp: left,
  ...states,
  wrong_lines: wrongLines,
  report,
})

const undoPrinted = (outcome: UndoOutcome, reportPath: string): Printed => {
  switch (outcome.kind) {
    case 'refused':
      return { rows: [], failed: true, empty: outcome.sentence }
    case 'undone_before':
      return { rows: [], empty: `It was undone before, on ${timeOf(outcome.undoneAt)}.` }
    case 'stopped':
      return { rows: [], failed: true, exitCode: STOPPED_CODE, empty: 'Stopped: start it again to go on.' }
    case 'undone': {
      const { cards, vouchers, stays, stampsSince, lateEvents } = outcome.counts
      const row = { cards, vouchers, stays_own: stays, stamps_since: stampsSince, late_events: lateEvents }
      return { rows: [{ state: 'undone', ...row, report: reportPath }], empty: '' }
    }
    default:
      return assertNever(outcome)
  }
}

const statusRow = (adoption: AdoptionStatus) => ({
  adoption: adoption.id,
  template: adoption.templateId,
  state: stateOf(adoption),
  cards: adoption.cards,
  vouchers: adoption.vouchers,
  begun: timeOf(adoption.startedAt),
  undo_until: adoption.undoneAt === null ? timeOf(undoUntil(adoption)) : null,
  late_events: adoption.lateEvents,
})

const stateOf = ({ finishedAt, undoBegunAt, undoneAt }: AdoptionStatus): string => {
  if (undoneAt !== null) return 'undone'
  if (undoBegunAt !== null) return 'undo stopped half-way'
  return finishedAt === null ? 'stopped half-way' : 'adopted'
}

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
