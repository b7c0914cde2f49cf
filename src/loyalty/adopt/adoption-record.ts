import type { AuditedDecision } from '../../access/audit-log.js'
import { randomId } from '../../ids.js'
import type { CardTemplateRow } from '../own/own-tables.js'
import type { AdoptNeeds } from './adopt-needs.js'
import type { Adoption } from './adopt-tables.js'

/** So long after its begin an adoption may be undone. */
const UNDO_MS = 7 * 86_400_000

const HOUR_MS = 3_600_000

/** The command line acts for the business. */
const ACTOR = 'cli'

export type Begin =
  | {
      readonly kind: 'begun'
      readonly adoption: Adoption
      readonly template: CardTemplateRow
      readonly isResumed: boolean
    }
  /** Nothing of 7stamp's is left. */
  | { readonly kind: 'nothing_left' }
  /** `sentence` says what to do first. */
  | { readonly kind: 'refused'; readonly sentence: string }

/** Begins an adoption, or goes on with the one that was stopped half-way; a business has one at a time. */
export const beginAdoption = async (
  { db, store, templates, audit }: AdoptNeeds,
  businessId: string,
  template: CardTemplateRow,
): Promise<Begin> => {
  const reads = {
    adoptions: store.adoptionsOf({ businessId }),
    left: store.customersOf7stamp({ businessId, afterId: '', limit: 1 }),
  }
  const begin = await audit.atomically({ businessId, actor: ACTOR }, reads, (found, now): AuditedDecision<Begin> => {
    const open = found.adoptions.find(({ finishedAt, undoneAt }) => finishedAt === null && undoneAt === null)
    if (open) return { writes: [], audit: [], result: resumed(open, template) }
    if (found.left.length === 0) return { writes: [], audit: [], result: { kind: 'nothing_left' } }
    const adoption: Adoption = {
      id: randomId('ado'),
      businessId,
      templateId: template.id,
      templateVersion: template.version,
      cards: 0,
      vouchers: 0,
      startedAt: now,
      finishedAt: null,
      leftSome: null,
      undoBegunAt: null,
      undoneAt: null,
    }
    const details = { template: template.id, version: String(template.version) }
    return {
      writes: [store.begin(adoption)],
      audit: [{ action: 'adoption.begun', subjectId: adoption.id, details }],
      result: { kind: 'begun', adoption, template, isResumed: false },
    }
  })
  if (begin.kind !== 'begun' || begin.adoption.templateVersion === template.version) return begin
  // The template has changed since: the rest goes onto what the others are on.
  const { templateId: id, templateVersion: version } = begin.adoption
  const [same] = await db.read(templates.cardTemplateAt({ id, version }))
  return { ...begin, template: same ?? template }
}

const resumed = (open: Adoption, template: CardTemplateRow): Begin => {
  if (open.undoBegunAt !== null)
    return refuse('An undo was begun and not finished: finish it by "adopt --undo --yes", then adopt anew.')
  if (open.templateId !== template.id)
    return refuse(
      `An adoption onto the template ${open.templateId} was begun and not finished: start it again with that one, or undo it.`,
    )
  return { kind: 'begun', adoption: open, template, isResumed: true }
}

const refuse = (sentence: string): Begin => ({ kind: 'refused', sentence })

/** Writes, once, that all was taken over, and whether something of 7stamp’s is left. */
export const finishAdoption = async ({ store, audit }: AdoptNeeds, businessId: string, id: string): Promise<void> => {
  const reads = {
    adoption: store.locked({ id }),
    left: store.customersOf7stamp({ businessId, afterId: '', limit: 1 }),
  }
  await audit.atomically({ businessId, actor: ACTOR }, reads, ({ adoption: [row], left }, now) => {
    if (!row || row.finishedAt !== null) return { writes: [], audit: [], result: undefined }
    const details = { cards: String(row.cards), vouchers: String(row.vouchers) }
    return {
      writes: [store.save({ ...row, finishedAt: now, leftSome: left.length > 0 })],
      audit: [{ action: 'adoption.finished', subjectId: id, details }],
      result: undefined,
    }
  })
}

export type UndoBegin =
  | { readonly kind: 'begun'; readonly adoptions: readonly Adoption[] }
  | { readonly kind: 'undone_before'; readonly adoption: Adoption }
  | { readonly kind: 'refused'; readonly sentence: string }

/** Which adoptions are undone: all of the last seven days, the newest first. From then on nothing more is taken over by them. */
export const beginUndo = ({ store, audit }: AdoptNeeds, businessId: string): Promise<UndoBegin> =>
  audit.atomically(
    { businessId, actor: ACTOR },
    { all: store.adoptionsOf({ businessId }) },
    ({ all }, now): AuditedDecision<UndoBegin> => {
      const adoptions = all.filter(
        (one) => one.undoneAt === null && (one.undoBegunAt !== null || now <= undoUntil(one)),
      )
      if (adoptions.length === 0) return { writes: [], audit: [], result: nothingToUndo(all) }
      const fresh = adoptions.filter(({ undoBegunAt }) => undoBegunAt === null)
      return {
        writes: fresh.map((row) => store.save({ ...row, undoBegunAt: now })),
        audit: fresh.map(({ id }) => ({ action: 'adoption.undo_begun', subjectId: id })),
        result: { kind: 'begun', adoptions },
      }
    },
  )

/** From when on late events are counted: one that came before the adoption began may have waited for a worker. */
export const lateSince = ({ startedAt }: Pick<Adoption, 'startedAt'>): number => startedAt - HOUR_MS

/** Unix ms */
export const undoUntil = ({ startedAt }: Pick<Adoption, 'startedAt'>): number => startedAt + UNDO_MS

const nothingToUndo = (all: readonly Adoption[]): UndoBegin => {
  const late = all.find(({ undoneAt }) => undoneAt === null)
  if (late)
    return {
      kind: 'refused',
      sentence:
        `It is too late: the adoption of ${new Date(late.startedAt).toISOString()} could be undone until ` +
        `${new Date(undoUntil(late)).toISOString()}. Its cards stay your own.`,
    }
  const [last] = all
  return last
    ? { kind: 'undone_before', adoption: last }
    : { kind: 'refused', sentence: 'Nothing was adopted, so there is nothing to undo.' }
}

/** Writes, once, that the undo has looked at everything. */
export const finishUndo = async ({ store, audit }: AdoptNeeds, businessId: string, id: string): Promise<void> =>
  audit.atomically({ businessId, actor: ACTOR }, { adoption: store.locked({ id }) }, ({ adoption: [row] }, now) =>
    row && row.undoneAt === null
      ? {
          writes: [store.save({ ...row, undoneAt: now })],
          audit: [{ action: 'adoption.undone', subjectId: id }],
          result: undefined,
        }
      : { writes: [], audit: [], result: undefined },
  )
