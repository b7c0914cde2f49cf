import { assertNever } from '../../../src/errors.js'
import { voucherTitle } from '../../../src/notify/captions.js'
import type { ContentButton, MessageContent, Phrase } from '../../../src/notify/content.js'
import { type Answer, reply } from '../answer.js'
import { type Choice, choiceOf, isStillAsked } from '../confirm.js'
import type { BusinessFacts, Facts } from '../facts.js'
import type { Turn } from '../turn.js'
import { stateAt } from '../vouchers.js'
import { nothingFound, whoIs } from './at-counter.js'
import { askPin, LOCK } from './pin.js'
import type { RedemptionRefusal, StaffVoucher, Till } from './staff-facts.js'

/** "Redeem" under a voucher asks once more; a "yes" in time redeems it. */
export const redeem = (choice: Choice | null, { facts, now }: Turn): Answer => {
  const { counter } = facts.found
  if (counter?.found.kind !== 'voucher') return nothingFound()
  if (choice?.confirmed === false) return say({ key: 'redeem.kept' })
  const { voucher } = counter.found
  if (!isRedeemable(voucher, now)) return reply([whatItIs(voucher, facts.business, now)])
  if (voucher.isTheirOwn) return say({ key: 'redeem.own' })
  const { till } = counter
  if (till.kind === 'shared' && till.cashier === null)
    return askPin({ kind: 'voucher', voucherId: voucher.id }, till, now)
  const isConfirmed = choice !== null && isStillAsked(choice.askedAt, now)
  if (!isConfirmed || counter.redemption === null) return reply([question(voucher, [], now)])
  if (counter.redemption.kind === 'refused') return refused(counter.redemption.reason, voucher, facts, now)
  return reply([done(voucher, till)], [{ kind: 'redeem' }])
}

/** The question again; or what the voucher is, if it cannot be redeemed any more. */
export const askAgain = (
  voucher: StaffVoucher,
  more: readonly ContentButton[],
  { facts, now }: Turn,
): MessageContent =>
  isRedeemable(voucher, now) ? question(voucher, more, now) : whatItIs(voucher, facts.business, now)

/** Whoever scans a customer's screen without being staff learns nothing of the voucher. */
export const scannedByNoStaff = ({ business }: Facts): Answer =>
  reply([{ phrases: [{ key: 'redeem.staffOnly', params: { business: business.name } }], menu: true }])

const say = (phrase: Phrase): Answer => reply([{ phrases: [phrase] }])

const isRedeemable = (voucher: StaffVoucher, now: number): boolean =>
  voucher.master === 'own' && stateAt(voucher, now) === 'active'

/** The voucher as staff see it, with a button if it can be redeemed here. */
export const whatItIs = (voucher: StaffVoucher, business: BusinessFacts, now: number): MessageContent => ({
  phrases: [
    { key: 'redeem.what', params: named(voucher) },
    { key: 'voucher.number', params: { number: voucher.number } },
    ...stateLines(voucher, business.timeZone, now),
  ],
  ...(isRedeemable(voucher, now) && {
    buttons: [[{ kind: 'action', label: 'buttons.redeem', action: `redeem:${voucher.id}` }]],
  }),
})

const stateLines = (voucher: StaffVoucher, timeZone: string, now: number): readonly Phrase[] => {
  const { expiresAt, stateAt: since } = voucher
  const state = stateAt(voucher, now)
  switch (state) {
    case 'redeemed':
      return [{ key: 'redeem.redeemedAt', params: { date: { date: since, timeZone, withTime: true } } }]
    case 'expired':
      return [{ key: 'redeem.expiredSince', params: { date: { date: expiresAt ?? since, timeZone, withTime: true } } }]
    case 'active':
      return [
        { key: voucher.master === 'own' ? 'redeem.usable' : 'redeem.by7stamp' },
        ...(expiresAt === null ? [] : [{ key: 'voucher.expires', params: { date: { date: expiresAt, timeZone } } }]),
      ]
    default:
      return assertNever(state)
  }
}

const done = (voucher: StaffVoucher, till: Till): MessageContent =>
  till.kind === 'shared' && till.cashier !== null
    ? {
        phrases: [{ key: 'pin.done', params: { ...named(voucher), cashier: till.cashier.name } }],
        buttons: [[LOCK]],
      }
    : { phrases: [{ key: 'redeem.done', params: named(voucher) }] }

const question = (voucher: StaffVoucher, more: readonly ContentButton[], now: number): MessageContent => ({
  phrases: [{ key: 'redeem.confirm', params: named(voucher) }],
  buttons: [
    [answerButton('buttons.redeemYes', voucher.id, choiceOf('yes', now))],
    [answerButton('buttons.redeemNo', voucher.id, choiceOf('no', now))],
    ...more.map((button) => [button]),
  ],
})

const answerButton = (label: string, voucherId: string, choice: string): ContentButton => ({
  kind: 'action',
  label,
  action: `redeem:${voucherId}:${choice}`,
})

const refused = (reason: RedemptionRefusal, voucher: StaffVoucher, { business }: Facts, now: number): Answer => {
  switch (reason) {
    case 'own_voucher':
      return say({ key: 'redeem.own' })
    case 'already_redeemed':
    case 'expired':
    case 'managed_by_7stamp':
      return reply([whatItIs(voucher, business, now)])
    case 'not_active':
    case 'staff_only':
      return say({ key: 'redeem.notHere' })
    case 'not_found':
      return nothingFound()
    default:
      return assertNever(reason)
  }
}

const named = (voucher: StaffVoucher): NonNullable<Phrase['params']> => ({
  title: voucherTitle(voucher),
  who: whoIs(voucher.customerName),
})
