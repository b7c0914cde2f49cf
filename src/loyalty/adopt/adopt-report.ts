import type { LineError } from '../import/read-row.js'
import type { AdoptNeeds } from './adopt-needs.js'
import type { CardState, ExportedCard } from './compare-card.js'
import type { ReportLine } from './report-file.js'
import type { TakenOver } from './take-over.js'

/** What the report of an adoption says of each card; `stamps` is with how many it is taken over. */
export const ADOPT_HEADER = ['card_id', 'customer_id', 'state', 'mirror_stamps', 'export_stamps', 'stamps', 'note']

const LINES_AT_ONCE = 500

/** Of a dry run all cards; else those that stay, since those taken over are read from what was kept, however often it began. */
export const linesOf = ({ compared }: TakenOver, isDryRun: boolean): readonly ReportLine[] =>
  compared
    .filter(({ stamps }) => isDryRun || stamps === null)
    .map(({ card, customerExternalId, exported, state, stamps }) => [
      card.externalId,
      customerExternalId,
      state,
      card.stamps,
      exported?.stamps ?? null,
      stamps,
      stamps === null ? (WHAT_TO_DO[state] ?? null) : null,
    ])

const WHAT_TO_DO: Readonly<Partial<Record<CardState, string>>> = {
  unknown: 'nobody knows its count: give it in the export, or take such cards over empty by --unknown-as-zero',
  other_customer: 'the export names another customer: see in 7stamp whose it is',
}

export const unknownLine = ({ cardExternalId, customerExternalId, stamps }: ExportedCard): ReportLine => [
  cardExternalId,
  customerExternalId,
  'only_in_export',
  null,
  stamps,
  null,
  'no event has named it: import the export first, then adopt again',
]

export const wrongLine = ({ line, message }: LineError): ReportLine => [
  null,
  null,
  'wrong_line',
  null,
  null,
  null,
  `line ${line}: ${message}`,
]

/** All cards that an adoption has taken over, however often it was begun. */
export async function* adoptedLines(
  { db, store }: Pick<AdoptNeeds, 'db' | 'store'>,
  adoptionId: string,
): AsyncGenerator<readonly ReportLine[]> {
  for (let afterId = ''; ; ) {
    const page = await db.read(store.pageOfAdopted({ adoptionId, afterId, limit: LINES_AT_ONCE }))
    const last = page.at(-1)
    if (!last) return
    yield page.flatMap(({ adopted: { before, exportStamps, stamps }, customerExternalId }) =>
      before.kind === 'card'
        ? [[before.row.externalId, customerExternalId, 'adopted', before.row.stamps, exportStamps, stamps, null]]
        : [],
    )
    afterId = last.adopted.id
  }
}
