import { type Database, type Decision, demand } from '../../db/database.js'
import { patiently } from '../../db/patiently.js'
import { ownEntryOf } from '../../events/entry.js'
import type { Journal } from '../../events/journal.js'
import type { LoyaltyStore } from '../loyalty-store.js'
import { allRows, NO_ROWS } from '../own/own-rows.js'
import { changesOf, type OwnStore } from '../own/own-store.js'
import { type Fingerprint, marksOf } from '../tombstones.js'
import type { Chunk } from './chunks.js'
import { type ImportContext, type ImportDecision, importRows, type Subject, subjectOf } from './import-rows.js'
import type { ImportStore } from './import-store.js'
import type { ImportCounts, ImportProgress } from './import-tables.js'

export interface ChunkNeeds {
  readonly db: Database
  readonly store: ImportStore
  readonly loyalty: LoyaltyStore
  readonly own: OwnStore
  readonly journal: Pick<Journal, 'add'>
  readonly fingerprint: Fingerprint
}

export interface TakeChunk {
  readonly chunk: Chunk
  /** As the chunk before left it, with the length that the list of wrong lines has now. */
  readonly progress: ImportProgress
  readonly context: ImportContext
  /** The business and its sisters, as a JSON array of ids. */
  readonly businessIds: string
  readonly isDryRun: boolean
}

export type TakenChunk =
  | { readonly kind: 'taken'; readonly progress: ImportProgress }
  /** Another process has come further in the same file. */
  | { readonly kind: 'moved' }

/** Somebody has asked to be forgotten, and no row was looked at for whether it is them. */
type MarksNeeded = { readonly kind: 'marks_needed' }

/** Takes a chunk over, and how far the file has come with it, in one transaction. */
export const createTakeChunk = (needs: ChunkNeeds) => {
  // A mark is an HMAC and dearer than the rest of a row, so none are made before anybody was erased.
  let areMarked = false
  const take = async (taking: TakeChunk): Promise<TakenChunk> => {
    const subjects = subjectsOf(needs, taking, areMarked)
    const reads = readsOf(needs, taking, subjects, areMarked)
    // Somebody else may make the same customer meanwhile: decided again on what is there then.
    const taken = await patiently(() =>
      needs.db.atomically(reads, (found, now) => decide(needs, taking, subjects, found, now)),
    )
    if (taken.kind !== 'marks_needed') return taken
    areMarked = true
    return take(taking)
  }
  return take
}

const subjectsOf = (
  { fingerprint }: ChunkNeeds,
  { chunk: { rows }, context: { business } }: TakeChunk,
  areMarked: boolean,
): readonly Subject[] =>
  rows.map((row) => subjectOf(row, business.id, areMarked ? marksOf(fingerprint, business.id, row) : []))

type ChunkReads = ReturnType<typeof readsOf>
type FoundRows = { readonly [Name in keyof ChunkReads]: NonNullable<NonNullable<ChunkReads[Name]>['rows']> }

const readsOf = (
  { store }: ChunkNeeds,
  { chunk: { rows }, progress, context, businessIds, isDryRun }: TakeChunk,
  subjects: readonly Subject[],
  areMarked: boolean,
) => {
  const templateId = context.template?.id ?? ''
  const ids = subjects.map(({ customerId }) => customerId)
  const contacts = rows.filter(({ externalId }) => externalId === null)
  const phones = contacts.flatMap(({ phone }) => phone ?? [])
  const emails = contacts.flatMap(({ email }) => email ?? [])
  const cardIds = subjects.flatMap(({ cardId }) => cardId ?? [])
  return {
    progress: isDryRun ? null : store.progress({ id: progress.id }),
    byIds: store.peopleByIds({ ids: JSON.stringify(ids), templateId }),
    byPhones:
      phones.length === 0 ? null : store.peopleByPhones({ businessIds, phones: JSON.stringify(phones), templateId }),
    byEmails:
      emails.length === 0 ? null : store.peopleByEmails({ businessIds, emails: JSON.stringify(emails), templateId }),
    cards: cardIds.length === 0 ? null : store.cards({ ids: JSON.stringify(cardIds) }),
    unlooked: areMarked ? null : store.anyTombstone({}),
    tombstones: areMarked
      ? store.tombstonesAmong({ marks: JSON.stringify(subjects.flatMap(({ marks }) => marks)) })
      : null,
  }
}

const decide = (
  needs: ChunkNeeds,
  taking: TakeChunk,
  subjects: readonly Subject[],
  found: FoundRows,
  now: number,
): Decision<TakenChunk | MarksNeeded> => {
  const { progress, context, isDryRun } = taking
  if (found.unlooked.length > 0) return { writes: [], result: { kind: 'marks_needed' } }
  const there = found.progress[0]
  // A finished or further one is another process's doing.
  if (there && there.offsetBytes !== progress.offsetBytes) return { writes: [], result: { kind: 'moved' } }
  const known = {
    people: [...found.byIds, ...found.byPhones, ...found.byEmails],
    cards: found.cards,
    tombstones: new Set(found.tombstones.map(({ mark }) => mark)),
  }
  const decision = importRows(subjects, known, context, now)
  const after = progressAfter(taking, decision, now)
  const result = { kind: 'taken', progress: after } as const
  if (isDryRun) return { writes: [], result }
  const advance = demand(1, there ? needs.store.advance(after) : needs.store.begin(after))
  return { writes: [...writesOf(needs, decision), advance], result }
}

const progressAfter = ({ chunk, progress }: TakeChunk, decision: ImportDecision, now: number): ImportProgress => {
  const counts = { ...decision.counts, rows: chunk.lines, wrong: decision.counts.wrong + chunk.wrongLines }
  return {
    ...progress,
    offsetBytes: chunk.offsetBytes,
    line: chunk.line,
    counts: sumOf(progress.counts, counts),
    pendingErrors: [...chunk.errors, ...decision.errors].sort((a, b) => a.line - b.line),
    updatedAt: now,
  }
}

const sumOf = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  rows: a.rows + b.rows,
  created: a.created + b.created,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  erased: a.erased + b.erased,
  wrong: a.wrong + b.wrong,
})

/** Table by table, so that a database to which each statement is a journey takes many rows in one. */
const writesOf = ({ loyalty, own, journal }: ChunkNeeds, { people, cards, issued }: ImportDecision) => {
  const all = [...people]
  const newPeople = all.filter(({ before }) => before === undefined)
  const changedPeople = all.filter(({ before, customer }) => before !== undefined && before !== customer)
  const newCards = cards.filter(({ before }) => before === undefined)
  const changedCards = cards.filter(({ before }) => before !== undefined)
  return [
    ...newPeople.map(({ customer }) => demand(1, loyalty.addCustomer(customer))),
    ...changedPeople.map(({ customer }) => loyalty.saveCustomer(customer)),
    ...newCards.map(({ after }) => demand(1, loyalty.addCard(after))),
    ...changedCards.map(({ after }) => loyalty.saveCard(after)),
    ...changesOf(loyalty, own, NO_ROWS, allRows(issued.map(({ rows }) => rows))),
    // Applied from the beginning: what comes from a file is told to nobody.
    ...issued.flatMap(({ events }) =>
      events.map((event) => journal.add({ ...ownEntryOf(event, event.body), state: 'applied' })),
    ),
  ]
}
