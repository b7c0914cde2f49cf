import type { CardTemplateRow } from '../own/own-tables.js'
import { cardIdOf } from '../subjects.js'
import { type AdoptCounts, type Counting, createCounting } from './adopt-counts.js'
import type { AdoptNeeds } from './adopt-needs.js'
import { ADOPT_HEADER, adoptedLines, linesOf, unknownLine, wrongLine } from './adopt-report.js'
import type { Adoption } from './adopt-tables.js'
import { beginAdoption, finishAdoption } from './adoption-record.js'
import type { ExportedCard } from './compare-card.js'
import { readExport } from './read-export.js'
import { openReport, type ReportFile, unwritable } from './report-file.js'
import { createTakeCustomers } from './take-customers.js'
import type { TakingOver } from './take-over.js'
import { failedEvents, failedSentence, isAllApplied } from './unapplied-events.js'

export interface AdoptCards {
  readonly businessId: string
  readonly templateId: string
  readonly exportPath: string
  readonly reportPath: string
  /** When the export was true, Unix ms; null for when it was written. */
  readonly asOf: number | null
  readonly isUnknownZero: boolean
  /** Compares, and changes nothing. */
  readonly isDryRun: boolean
  /** Unix ms */
  readonly now: number
  /** Stops after the customers in hand; the next start goes on. */
  readonly signal: AbortSignal
  /** `share` of the export is from 0 to 1. */
  onProgress(share: number, cards: number): void
}

export type AdoptOutcome =
  /** `isResumed` if an earlier start was stopped half-way: `counts` holds what this one has done. */
  | { readonly kind: 'adopted' | 'stopped'; readonly counts: AdoptCounts; readonly isResumed: boolean }
  /** A dry run. While `failedEvents` of 7stamp's wait for somebody, adopting is refused. */
  | { readonly kind: 'compared'; readonly counts: AdoptCounts; readonly failedEvents: number }
  /** An undo was begun meanwhile. */
  | { readonly kind: 'undo_begun' }
  /** Nothing of 7stamp's is left. */
  | { readonly kind: 'nothing_left' }
  /** Nothing was begun; `sentence` says what to change. */
  | { readonly kind: 'refused'; readonly sentence: string }

const NOT_ALL_APPLIED: AdoptOutcome = {
  kind: 'refused',
  sentence:
    'Events of 7stamp’s wait to be applied, and would be lost: start the program, wait a moment until it has applied them, and adopt then.',
}
const CUSTOMERS_AT_ONCE = 50
const LOOKED_UP_AT_ONCE = 500

/**
 * Compares the mirror with 7stamp's export and takes cards and vouchers over, some customers at a time. What is taken over is
 * 7stamp's no longer and is not found again, so wherever it is killed, started again it goes on there.
 */
export const createAdoptCards =
  (needs: AdoptNeeds) =>
  async (asked: AdoptCards): Promise<AdoptOutcome> => {
    const template = await templateFor(needs, asked)
    if (typeof template === 'string') return { kind: 'refused', sentence: template }
    const [business] = await needs.db.read(needs.businessById({ id: asked.businessId }))
    if (!business) throw new Error(`there is no business ${asked.businessId}`)
    const read = await readExport(asked.exportPath)
    if (read.kind === 'refused') return read
    if (!asked.isDryRun && !(await isAllApplied(needs, asked.businessId, asked.now))) return NOT_ALL_APPLIED
    const failed = await failedEvents(needs, asked.businessId)
    if (!asked.isDryRun && failed > 0) return { kind: 'refused', sentence: failedSentence(failed) }
    const report = await openReport(asked.reportPath)
    if (!report) return { kind: 'refused', sentence: unwritable(asked.reportPath) }
    try {
      const begun = asked.isDryRun ? null : await beginAdoption(needs, asked.businessId, template)
      if (begun && begun.kind !== 'begun') return begun
      await report.begin(ADOPT_HEADER)
      await report.add(...read.wrong.map(wrongLine))
      const taking: TakingOver = {
        adoptionId: begun?.adoption.id ?? 'ado_dry',
        business,
        template: begun?.template ?? template,
        exported: read.cards,
        asOf: Math.min(asked.asOf ?? read.writtenAt, asked.now),
        isUnknownZero: asked.isUnknownZero,
      }
      const counting = createCounting(read.wrongLines)
      return await run(needs, asked, { taking, report, counting, begun, failed })
    } finally {
      await report.close()
    }
  }

/** The template, or what is wrong with the one that was named. */
const templateFor = async (
  { db, templates }: AdoptNeeds,
  { templateId, businessId }: AdoptCards,
): Promise<CardTemplateRow | string> => {
  const [template] = await db.read(templates.cardTemplate({ id: templateId }))
  if (!template) return `There is no card template ${templateId}: make one over the API, or name another.`
  return template.businessId === businessId
    ? template
    : `The card template ${templateId} is another business’s: name one of this business.`
}

interface Running {
  readonly taking: TakingOver
  readonly report: ReportFile
  readonly counting: Counting
  readonly begun: { readonly adoption: Adoption; readonly isResumed: boolean } | null
  readonly failed: number
}

const run = async (needs: AdoptNeeds, asked: AdoptCards, running: Running): Promise<AdoptOutcome> => {
  const { taking, report, counting, begun } = running
  const { take, compare } = createTakeCustomers(needs)
  const isResumed = begun?.isResumed ?? false
  const seen = new Set<string>()
  for await (const customerIds of pagesOf7stamp(needs, asked.businessId)) {
    if (asked.signal.aborted) return { kind: 'stopped', counts: counting.counts(), isResumed }
    const taken = await (asked.isDryRun ? compare(taking, customerIds, asked.now) : take(taking, customerIds))
    if (taken.kind === 'undo_begun') return { kind: 'undo_begun' }
    for (const one of taken.customers) {
      counting.add(one)
      for (const { exported } of one.compared) if (exported) seen.add(exported.cardExternalId)
      await report.add(...linesOf(one, asked.isDryRun))
    }
    asked.onProgress(Math.min(1, seen.size / taking.exported.size), counting.counts().cards)
  }
  for await (const unknown of onlyInExport(needs, asked.businessId, taking.exported, seen)) {
    counting.addUnknown(unknown.length)
    await report.add(...unknown.map(unknownLine))
  }
  if (!begun) return { kind: 'compared', counts: counting.counts(), failedEvents: running.failed }
  for await (const lines of adoptedLines(needs, begun.adoption.id)) await report.add(...lines)
  await finishAdoption(needs, asked.businessId, begun.adoption.id)
  return { kind: 'adopted', counts: counting.counts(), isResumed }
}

async function* pagesOf7stamp({ db, store }: AdoptNeeds, businessId: string): AsyncGenerator<readonly string[]> {
  for (let afterId = ''; ; ) {
    const page = await db.read(store.customersOf7stamp({ businessId, afterId, limit: CUSTOMERS_AT_ONCE }))
    const last = page.at(-1)
    if (!last) return
    yield page.map(({ id }) => id)
    afterId = last.id
  }
}

/** What the export has and the mirror has never heard of. */
async function* onlyInExport(
  { db, loyalty }: AdoptNeeds,
  businessId: string,
  exported: ReadonlyMap<string, ExportedCard>,
  seen: ReadonlySet<string>,
): AsyncGenerator<readonly ExportedCard[]> {
  const unseen = [...exported.values()].filter(({ cardExternalId }) => !seen.has(cardExternalId))
  for (let from = 0; from < unseen.length; from += LOOKED_UP_AT_ONCE) {
    const some = unseen.slice(from, from + LOOKED_UP_AT_ONCE)
    const idOf = ({ cardExternalId }: ExportedCard) => cardIdOf(businessId, cardExternalId)
    const there = await db.read(loyalty.cardsByIds({ ids: JSON.stringify(some.map(idOf)) }))
    const ids = new Set(there.map(({ id }) => id))
    yield some.filter((card) => !ids.has(idOf(card)))
  }
}
