import type { Bound } from '../db/database.js'
import type { Claimed, DeliveryState } from './delivery.js'

/**
 * The gate stands in the batch that commits `sending`: what it reads there (consent, erasure, the voucher's state, the
 * chat) is written by the same database rows that STOP, unlink and redeem write, so no delivery starts after their commit.
 */
export type Verdict =
  | { readonly kind: 'pass' }
  /** Ends here: `skipped(reason)`. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** Not now: back to pending until then (Unix ms). */
  | { readonly kind: 'wait'; readonly until: number }
  /** The recipient reads elsewhere now: the delivery goes to that lane and chat. */
  | { readonly kind: 'move'; readonly lane: string; readonly chatId: string }

export const PASS: Verdict = { kind: 'pass' }

/** One thing the gate looks at. The capability that owns the rows declares it; `main` hangs it into the lane. */
export interface GateCheck<Rows extends readonly unknown[] = readonly never[]> {
  readonly name: string
  read(batch: readonly Claimed[]): Bound<Rows>
  /** Pure: the verdict of each delivery from the rows read in the batch. */
  judge(rows: Rows, now: number): (delivery: Claimed) => Verdict
}

/** The first objection of the checks, in their order; a delivery without any passes. */
export const verdictOf = (judges: readonly ((delivery: Claimed) => Verdict)[], delivery: Claimed): Verdict => {
  for (const judge of judges) {
    const verdict = judge(delivery)
    if (verdict.kind !== 'pass') return verdict
  }
  return PASS
}

/** How an edit goes out, given what became of the message it edits. */
export type EditPlan =
  | { readonly kind: 'edit'; readonly messageId: string }
  | { readonly kind: 'send' }
  /** The message never reached anybody: there is nothing to bring up to date. */
  | { readonly kind: 'drop' }
  /** The message is on its way; its id will be known with its result. Unix ms. */
  | { readonly kind: 'wait'; readonly until: number }

/** What is known of the message that an edit is about. */
export interface EditedMessage {
  readonly state: DeliveryState
  readonly messageId: string | null
  readonly dueAt: number
}

/** An edit looks again when the message it edits should have its result. */
const EDIT_WAIT_MS = 500

/** `replacement` is the edit before this one that became a new message in the place of a lost one. */
export const planEdit = (
  edited: EditedMessage | undefined,
  replacement: EditedMessage | null,
  now: number,
): EditPlan => {
  switch (edited?.state) {
    case 'pending':
    case 'sending':
      return waitFor(edited, now)
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return { kind: 'drop' }
    default:
      break
  }
  if (edited?.messageId) return { kind: 'edit', messageId: edited.messageId }
  if (replacement?.state === 'pending' || replacement?.state === 'sending') return waitFor(replacement, now)
  return replacement?.messageId ? { kind: 'edit', messageId: replacement.messageId } : { kind: 'send' }
}

const waitFor = ({ dueAt }: EditedMessage, now: number): EditPlan => ({
  kind: 'wait',
  until: Math.max(now, dueAt) + EDIT_WAIT_MS,
})
