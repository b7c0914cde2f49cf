import { assertNever } from '../../src/errors.js'
import { voucherTitle } from '../../src/notify/captions.js'
import type { ContentButton, MessageContent, Phrase } from '../../src/notify/content.js'
import { shortName } from '../../src/notify/short-name.js'
import { type Answer, reply } from './answer.js'
import { type Choice, choiceOf, isStillAsked } from './confirm.js'
import type { AtCounter, BusinessFacts, Facts, FoundVoucher, RedemptionRefusal, StaffVoucher, Till } from './facts.js'
import { askPin, wrongPin } from './pin.js'
import type { Turn } from './turn.js'
import { stateAt } from './vouchers.js'

/** Staff scanned, typed or read out a voucher: what it is, and the way to redeem it. */
export const lookUp = ({ facts, now }: Turn): Answer => {
  const found = withinLookups(facts.found.counter)
  switch (found.kind) {
    case 'voucher':
      return reply(
        [whatItIs(found.voucher, facts.business, now)],
        facts.found.counter?.isShown ? [{ kind: 'takeShown' }] : [],
      )
    case 'late':
      return reply([{ phrases: [{ key: 'redeem.late' }] }], [{ kind: 'countLookup' }])
    case 'used':
      return reply([{ phrases: [{ key: 'redeem.used' }] }], [{ kind: 'countLookup' }])
    case 'shared_code':
      return say({ key: 'redeem.sharedCode' })
    case 'nothing':
      return unknown()
    default:
      return assertNever(found)
  }
}

/** Whether what staff named leads to no voucher, or to none that they may still look up. */
export const findsNothing = ({ found }: Facts): boolean => withinLookups(found.counter).kind === 'nothing'

/** "Redeem" under a voucher asks once more; a "yes" in time redeems it. */
export const redeem = (choice: Choice | null, { facts, now }: Turn): Answer => {
  const { counter } = facts.found
  if (counter?.found.kind !== 'voucher') return unknown()
  if (choice?.confirmed === false) return say({ key: 'redeem.kept' })
  const { voucher } = counter.found
  if (!isRedeemable(voucher, now)) return reply([whatItIs(voucher, facts.business, now)])
  if (voucher.isTheirOwn) return say({ key: 'redeem.own' })
  const { till } = counter
  if (till.kind === 'shared' && till.cashier === null) return askPin(voucher, till, now)
  const isConfirmed = choice !== null && isStillAsked(choice.askedAt, now)
  if (!isConfirmed || counter.redemption === null) return reply([question(voucher, [], now)])
  if (counter.redemption.kind === 'refused') return refused(counter.redemption.reason, voucher, facts, now)
  return reply([done(voucher, till)], [{ kind: 'redeem' }])
}

/** A cashier typed the PIN that a shared device asked for, and is asked the question that waited. */
export const redeemWithPin = ({ state, facts, now }: Turn): Answer => {
  const { counter } = facts.found
  if (counter?.found.kind !== 'voucher' || counter.till.kind !== 'shared') return say({ key: 'redeem.unknown' })
  const { till, found } = counter
  if (till.typed?.kind !== 'cashier')
    return wrongPin(till.typed?.kind === 'locked' ? 'pin.tooMany' : 'pin.wrong', till, state)
  const { voucher } = found
  const { cashier } = till.typed
  const opened: Phrase = { key: 'pin.open', params: { name: cashier.name } }
  const { phrases, ...asked } = isRedeemable(voucher, now)
    ? question(voucher, [LOCK], now)
    : whatItIs(voucher, facts.business, now)
  return reply(
    [{ ...asked, phrases: [opened, ...phrases] }],
    [{ kind: 'removeWritten' }, { kind: 'openTill', cashierId: cashier.staffId }],
  )
}

/** Whoever scans a customer's screen without being staff learns nothing of the voucher. */
export const scannedByNoStaff = ({ business }: Facts): Answer =>
  reply([{ phrases: [{ key: 'redeem.staffOnly', params: { business: business.name } }], menu: true }])

/** Once the lookups are used up, right ones are answered exactly like wrong ones. */
const withinLookups = (counter: AtCounter | null): FoundVoucher =>
  counter !== null && counter.lookupsLeft > 0 ? counter.found : { kind: 'nothing' }

const unknown = (): Answer => reply([{ phrases: [{ key: 'redeem.unknown' }] }], [{ kind: 'countLookup' }])

const say = (phrase: Phrase): Answer => reply([{ phrases: [phrase] }])

const isRedeemable = (voucher: StaffVoucher, now: number): boolean =>
  voucher.master === 'own' && stateAt(voucher, now) === 'active'

const whatItIs = (voucher: StaffVoucher, business: BusinessFacts, now: number): MessageContent => ({
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

const LOCK: ContentButton = { kind: 'action', label: 'buttons.lock', action: 'lock' }

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
      return unknown()
    default:
      return assertNever(reason)
  }
}

const named = (voucher: StaffVoucher): NonNullable<Phrase['params']> => ({
  title: voucherTitle(voucher),
  who: voucher.customerName === null ? { key: 'alerts.someone' } : shortName(voucher.customerName),
})
