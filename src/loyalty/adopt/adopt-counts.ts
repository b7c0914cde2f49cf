import type { CardState } from './compare-card.js'
import type { TakenOver } from './take-over.js'

/** How many cards stand how, and what was taken over (or, in a dry run, would be). */
export interface AdoptCounts extends Readonly<Record<CardState | 'only_in_export', number>> {
  readonly wrongLines: number
  readonly cards: number
  readonly vouchers: number
  /** Cards that stay 7stamp's. */
  readonly left: number
}

export type Counting = ReturnType<typeof createCounting>

/** Counts what comes by. */
export const createCounting = (wrongLines: number) => {
  const states = {
    equal: 0,
    differs: 0,
    newer_in_mirror: 0,
    no_count_in_mirror: 0,
    only_in_mirror: 0,
    unknown: 0,
    other_customer: 0,
    only_in_export: 0,
  }
  const taken = { cards: 0, vouchers: 0, left: 0 }
  return {
    add: ({ compared, adopted }: TakenOver): void => {
      for (const { state } of compared) states[state]++
      const cards = compared.filter(({ stamps }) => stamps !== null).length
      taken.cards += cards
      taken.left += compared.length - cards
      taken.vouchers += adopted.filter(({ before }) => before.kind === 'voucher').length
    },
    addUnknown: (count: number): void => {
      states.only_in_export += count
    },
    counts: (): AdoptCounts => ({ ...states, ...taken, wrongLines }),
  }
}
