import { assertNever } from '../../../src/errors.js'
import { type Answer, reply } from '../answer.js'
import type { Facts } from '../facts.js'
import type { Turn } from '../turn.js'
import { nothingFound } from './at-counter.js'
import { whatItIs } from './redeem.js'
import type { AtCounter } from './staff-facts.js'
import { showToCashier } from './stamping.js'

/** Staff scanned, typed or read out a voucher or a card: what it is, and the way to redeem or stamp it. */
export const lookUp = (turn: Turn): Answer => {
  const { facts, now } = turn
  const found = withinLookups(facts.found.counter)
  switch (found.kind) {
    case 'voucher':
      return reply(
        [whatItIs(found.voucher, facts.business, now)],
        facts.found.counter?.isShown ? [{ kind: 'takeShown' }] : [],
      )
    case 'card':
      return showToCashier(found.card, turn)
    case 'late':
      return reply([{ phrases: [{ key: 'redeem.late' }] }], [{ kind: 'countLookup' }])
    case 'used':
      return reply([{ phrases: [{ key: 'redeem.used' }] }], [{ kind: 'countLookup' }])
    case 'shared_code':
      return reply([{ phrases: [{ key: 'redeem.sharedCode' }] }])
    case 'shared_number':
      return reply([{ phrases: [{ key: 'stamping.sharedNumber' }] }])
    case 'nothing':
      return nothingFound()
    default:
      return assertNever(found)
  }
}

/** Whether what staff named leads to nothing, or to nothing that they may still look up. */
export const findsNothing = ({ found }: Facts): boolean => withinLookups(found.counter).kind === 'nothing'

/** Once the lookups are used up, right ones are answered exactly like wrong ones. */
const withinLookups = (counter: AtCounter | null): AtCounter['found'] =>
  counter !== null && counter.lookupsLeft > 0 ? counter.found : { kind: 'nothing' }
