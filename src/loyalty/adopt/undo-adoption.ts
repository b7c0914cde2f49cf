import type { Decision } from '../../db/database.js'
import { patiently } from '../../db/patiently.js'
import { ownEntryOf } from '../../events/entry.js'
import { changesOf } from '../own/own-store.js'
import type { AdoptNeeds } from './adopt-needs.js'
import { ofCustomer } from './adopt-store.js'
import type { Adoption } from './adopt-tables.js'
import { beginUndo, finishUndo, lateSince } from './adoption-record.js'
import { type GivenBack, giveBack } from './give-back.js'
import { openReport, type ReportFile, unwritable } from './report-file.js'

export interface UndoAdoption {
  readonly businessId: string
  readonly reportPath: string
  /** Stops after the customers in hand; the next start goes on. */
  readonly signal: AbortSignal
}

/** What became of what was taken over. */
export interface UndoCounts {
  readonly cards: number
  readonly vouchers: number
  /** Redeemed here meanwhile, or of somebody who was erased. */
  readonly stays: number
  /** On all cards together: 7stamp does not know of them. */
  readonly stampsSince: number
  /** What 7stamp said of them meanwhile: the mirror does not know of it. */
  readonly lateEvents: number
}

export type UndoOutcome =
  | { readonly kind: 'undone'; readonly counts: UndoCounts }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'undone_before'; readonly undoneAt: number | null }
  /** `sentence` says why. */
  | { readonly kind: 'refused'; readonly sentence: string }

const HEADER = ['kind', 'id', 'customer_id', 'state', 'stamps_before', 'stamps_since']
const CUSTOMERS_AT_ONCE = 50
const LINES_AT_ONCE = 500

/**
 * Gives cards and vouchers back to 7stamp, some customers at a time. What was given back is marked in the same batch, so
 * wherever it is killed, started again it goes on there.
 */
export const createUndoAdoption =
  (needs: AdoptNeeds) =>
  async ({ businessId, reportPath, signal }: UndoAdoption): Promise<UndoOutcome> => {
    const report = await openReport(reportPath)
    if (!report) return { kind: 'refused', sentence: unwritable(reportPath) }
    try {
      const begun = await beginUndo(needs, businessId)
      if (begun.kind === 'refused') return begun
      if (begun.kind === 'undone_before') return { kind: 'undone_before', undoneAt: begun.adoption.undoneAt }
      await report.begin(HEADER)
      let counts: UndoCounts = { cards: 0, vouchers: 0, stays: 0, stampsSince: 0, lateEvents: 0 }
      for (const adoption of begun.adoptions) {
        if (!(await giveAllBack(needs, adoption, signal))) return { kind: 'stopped' }
        counts = await reported(needs, adoption, report, counts)
        await finishUndo(needs, businessId, adoption.id)
      }
      const since = Math.min(...begun.adoptions.map(lateSince))
      const [late] = await needs.db.read(needs.lateEvents({ businessId, since }))
      return { kind: 'undone', counts: { ...counts, lateEvents: late?.count ?? 0 } }
    } finally {
      await report.close()
    }
  }

/** False if it was asked to stop. */
const giveAllBack = async (needs: AdoptNeeds, adoption: Adoption, signal: AbortSignal): Promise<boolean> => {
  const { db, store, businessById } = needs
  const [business] = await db.read(businessById({ id: adoption.businessId }))
  if (!business) throw new Error(`there is no business ${adoption.businessId}`)
  for (;;) {
    const page = await db.read(store.customersToUndo({ adoptionId: adoption.id, limit: CUSTOMERS_AT_ONCE }))
    if (page.length === 0) return true
    if (signal.aborted) return false
    const customerIds = JSON.stringify(page.map(({ id }) => id))
    const whose = { adoptionId: adoption.id, customerIds }
    const reads = {
      customers: store.lockedCustomers({ ids: customerIds }),
      adopted: store.adoptedOf(whose),
      cards: store.adoptedCards(whose),
      vouchers: store.adoptedVouchers(whose),
      stamps: store.stampsOfAdopted(whose),
      rewards: store.rewardsOfAdopted(whose),
    }
    await patiently(() =>
      db.atomically(reads, ({ customers, adopted, ...found }, now): Decision<void> => {
        const cards = found.cards.map(({ card }) => card)
        const vouchers = found.vouchers.map(({ voucher }) => voucher)
        const stamps = found.stamps.map(({ stamp }) => stamp)
        const rewards = found.rewards.map(({ reward }) => reward)
        const draws = found.rewards.flatMap(({ draw }) => draw ?? [])
        const given = page.map((one) => {
          const theirs = {
            customer: customers.find(({ id }) => id === one.id),
            adopted: ofCustomer(adopted, one),
            cards: ofCustomer(cards, one),
            vouchers: ofCustomer(vouchers, one),
            stamps: ofCustomer(stamps, one),
            rewards: ofCustomer(rewards, one),
            draws: ofCustomer(draws, one),
          }
          return giveBack(theirs, { business, adoptionId: adoption.id }, now)
        })
        return { writes: given.flatMap((one) => writesOf(needs, one)), result: undefined }
      }),
    )
  }
}

const writesOf = (
  { store, loyalty, own, journal }: AdoptNeeds,
  { restored, before, after, events, adopted }: GivenBack,
) => [
  ...restored.map(store.turn),
  ...changesOf(loyalty, own, before, after),
  ...adopted.map((row) => store.saveAdopted(row)),
  // Applied from the beginning: it is told to nobody.
  ...events.map((event) => journal.add({ ...ownEntryOf(event, event.body), state: 'applied' })),
]

/** Puts what became of each into the report, and counts it. */
const reported = async (
  { db, store }: AdoptNeeds,
  { id: adoptionId }: Adoption,
  report: ReportFile,
  sofar: UndoCounts,
): Promise<UndoCounts> => {
  let { cards, vouchers, stays, stampsSince } = sofar
  for (let afterId = ''; ; ) {
    const page = await db.read(store.pageOfAdopted({ adoptionId, afterId, limit: LINES_AT_ONCE }))
    const last = page.at(-1)
    if (!last) return { ...sofar, cards, vouchers, stays, stampsSince }
    for (const { adopted } of page) {
      if (adopted.undo !== 'given_back') stays++
      else if (adopted.before.kind === 'card') cards++
      else vouchers++
      stampsSince += adopted.stampsSince ?? 0
    }
    await report.add(
      ...page.map(({ adopted: { before, undo, stampsSince: since }, customerExternalId }) => [
        before.kind,
        before.row.externalId,
        customerExternalId,
        undo,
        before.kind === 'card' ? before.row.stamps : null,
        since,
      ]),
    )
    afterId = last.adopted.id
  }
}
