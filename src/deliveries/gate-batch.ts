import type { Bound, Database, Found } from '../db/database.js'
import type { Claimed } from './delivery.js'
import { type EditedMessage, type EditPlan, type GateCheck, planEdit, type Verdict, verdictOf } from './gate.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'

/** The lane has another owner now: nothing of the batch was written. */
export class LaneLostError extends Error {
  constructor(laneId: string) {
    super(`lane ${laneId} has another owner`)
    this.name = 'LaneLostError'
  }
}

/** Something whose delivery stands as `sending` now: its bytes may leave. */
export interface Passed<D> {
  readonly item: D
  readonly plan: EditPlan | null
}

export interface GateOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly lanes: LaneStore
  readonly laneId: string
  readonly fence: number
  readonly checks: readonly GateCheck<readonly unknown[]>[]
  /** Written in the same transaction: they free the slots that the batch takes. What the gate reads does not see them. */
  readonly results: readonly Bound<unknown>[]
}

/**
 * Passes a batch through the gate: reads, judges and commits `sending` in one transaction. Returns what may leave now.
 * Rejects with `LaneLostError`, or as the database does; then nothing was written.
 */
export const passGate = async <D extends { readonly delivery: Claimed }>(
  options: GateOptions,
  batch: readonly D[],
): Promise<Passed<D>[]> => {
  const { db, ledger, lanes, laneId, fence, checks, results } = options
  const deliveries = batch.map(({ delivery }) => delivery)
  const ids = JSON.stringify(deliveries.map(({ id }) => id))
  const editedIds = deliveries.flatMap(({ editsId }) => editsId ?? [])
  const checkReads: Record<string, Bound<readonly unknown[]>> = Object.fromEntries(
    checks.map((check) => [check.name, check.read(deliveries)]),
  )
  const reads = {
    ...checkReads,
    lane: lanes.fence({ id: laneId }),
    pending: ledger.stillPending({ ids }),
    edited: editedIds.length > 0 ? ledger.messagesByIds({ ids: JSON.stringify(editedIds) }) : null,
  }
  return db.atomically(reads, (found, now) => {
    if (found.lane[0]?.fence !== fence) throw new LaneLostError(laneId)
    const due = new Map(
      found.pending.flatMap((row) => (row.lane === laneId && row.dueAt <= now ? [[row.id, row]] : [])),
    )
    const edited = new Map((found.edited ?? []).map((row) => [row.id, row]))
    const rowsOf: Readonly<Record<string, readonly unknown[]>> = found
    const judges = checks.map((check) => check.judge(rowsOf[check.name] ?? [], now))
    const writes: Bound<unknown>[] = [...results]
    const passed: Passed<D>[] = []
    for (const item of batch) {
      const { delivery } = item
      const row = due.get(delivery.id)
      // What was merged into it since it was worded must not be lost: it is claimed again.
      if (!row || row.carries !== delivery.carries) continue
      const message = delivery.editsId === null ? undefined : edited.get(delivery.editsId)
      const plan = delivery.editsId === null ? null : planEdit(message, replacementOf(message, delivery), now)
      const verdict = verdictOfPlan(plan) ?? verdictOf(judges, delivery)
      if (verdict.kind === 'pass') {
        passed.push({ item, plan })
        if (message && plan?.kind === 'send') writes.push(ledger.replace({ id: message.id, by: delivery.id }))
      } else writes.push(settle(ledger, delivery, verdict, now))
    }
    if (passed.length > 0)
      writes.push(ledger.markSending({ ids: JSON.stringify(passed.map(({ item }) => item.delivery.id)), fence, now }))
    return { writes, result: passed }
  })
}

type Edited = Found<{ edited: ReturnType<Ledger['messagesByIds']> }>['edited'][number]

/** An edit that was put off does not wait for itself. */
const replacementOf = (message: Edited | undefined, { id }: Claimed): EditedMessage | null => {
  if (!message || message.replacedBy === id) return null
  const { replacementState: state, replacementMessageId: messageId, replacementDueAt: dueAt } = message
  return state === null || dueAt === null ? null : { state, messageId, dueAt }
}

const verdictOfPlan = (plan: EditPlan | null): Verdict | null => {
  if (plan?.kind === 'wait') return { kind: 'wait', until: plan.until }
  return plan?.kind === 'drop' ? { kind: 'skip', reason: 'nothing_to_edit' } : null
}

const settle = (
  ledger: Ledger,
  { id }: Claimed,
  verdict: Exclude<Verdict, { kind: 'pass' }>,
  now: number,
): Bound<unknown> => {
  switch (verdict.kind) {
    case 'skip':
      return ledger.settlePending({ id, state: 'skipped', reason: verdict.reason, dueAt: now, now })
    case 'wait':
      return ledger.settlePending({ id, state: 'pending', reason: null, dueAt: verdict.until, now })
    case 'move':
      return ledger.movePending({ id, lane: verdict.lane, chatId: verdict.chatId, now })
  }
}
