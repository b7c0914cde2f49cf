import type { Lottery } from './transition.js'

/** 7stamp documents the kinds of a lottery's variants (award, voucher, try again, no prize), not the words of the wire. */
const RESULTS: ReadonlyMap<string, Lottery['result']> = new Map([
  ['award', 'won'],
  ['voucher', 'won'],
  ['prize', 'won'],
  ['win', 'won'],
  ['won', 'won'],
  ['try_again', 'try_again'],
  ['no_prize', 'no_prize'],
  ['lost', 'no_prize'],
  ['nothing', 'no_prize'],
])

/** What a lottery's `result` means; `Try-again` and `try again` are one. A voucher is a prize, whatever the word. */
export const lotteryResultOf = (result: string | undefined, hasVoucher: boolean): Lottery['result'] => {
  const word = (result ?? '').toLowerCase().replaceAll(/[\s-]+/g, '_')
  return RESULTS.get(word) ?? (hasVoucher ? 'won' : 'unknown')
}
