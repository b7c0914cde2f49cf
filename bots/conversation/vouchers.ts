import type { VoucherFacts, VoucherState } from '../../src/loyalty/transition.js'
import { copyCodeButtons, showToStaffButtons, voucherLines, voucherTitle } from '../../src/notify/captions.js'
import type { ContentButton, MessageContent, Phrase } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { BusinessFacts, Facts } from './facts.js'
import { whomToAsk } from './help.js'

const PAGE_SIZE = 5
/** So many usable vouchers of a page follow the list as pictures; more are buttons below it. */
const MOST_PICTURES = 2

/** All vouchers with their state, page by page (from 1). */
export const listVouchers = (wishedPage: number, facts: Facts, now: number): Answer => {
  const { business, who } = facts
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'connect.first' }])])
  const { vouchers } = who.customer
  if (vouchers.length === 0)
    return reply([{ phrases: [{ key: 'vouchers.none', params: { business: business.name } }], menu: true }])

  const pages = Math.ceil(vouchers.length / PAGE_SIZE)
  const page = Math.min(wishedPage, pages)
  const shown = vouchers.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  const usable = shown.filter((voucher) => isUsable(voucher, now))
  const pictures = usable.length <= MOST_PICTURES ? usable.map((voucher) => pictureOf(voucher, business)) : []
  if (vouchers.length === 1 && pictures.length === 1) return reply(pictures)

  const buttons = [...(pictures.length > 0 ? [] : usable.map(showButton)), turnButtons(page, pages)]
  return reply([
    list(
      shown,
      buttons.filter((row) => row.length > 0),
      facts,
      now,
    ),
    ...pictures,
  ])
}

/** One voucher as a picture, or the list if it is no longer usable, or never was this customer's. */
export const showVoucher = (voucherId: string, facts: Facts, now: number): Answer => {
  const own = facts.who.role === 'customer' ? facts.who.customer.vouchers : []
  const voucher = own.find(({ id }) => id === voucherId)
  return voucher && isUsable(voucher, now) ? reply([pictureOf(voucher, facts.business)]) : listVouchers(1, facts, now)
}

/** "Not you?" below the receipt of a redeemed voucher. */
export const disputeReceipt = ({ business }: Facts): Answer =>
  reply([{ phrases: [{ key: 'voucher.disputed' }, whomToAsk(business)], menu: true }])

/** 7stamp's vouchers are redeemed with 7stamp's own scanner. */
export const canBeShown = (voucher: VoucherFacts, now: number): boolean =>
  voucher.master === 'own' && isUsable(voucher, now)

const isUsable = (voucher: VoucherFacts, now: number): boolean => stateAt(voucher, now) === 'active'

/** Past its end a voucher is expired, even before anybody has said so. */
export const stateAt = ({ state, expiresAt }: VoucherFacts, now: number): Exclude<VoucherState, 'issued'> => {
  if (state === 'redeemed' || state === 'expired') return state
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active'
}

const list = (
  shown: readonly VoucherFacts[],
  buttons: readonly (readonly ContentButton[])[],
  { business }: Facts,
  now: number,
): MessageContent => ({
  phrases: [
    { key: 'vouchers.list', params: { business: business.name } },
    ...shown.map((voucher) => line(voucher, business.timeZone, now)),
  ],
  ...(buttons.length > 0 ? { buttons } : { menu: true }),
})

const line = (voucher: VoucherFacts, timeZone: string, now: number): Phrase => {
  const title = voucherTitle(voucher)
  const state = stateAt(voucher, now)
  if (state !== 'active' || voucher.expiresAt === null) return { key: `vouchers.${state}`, params: { title } }
  return { key: 'vouchers.activeUntil', params: { title, date: { date: voucher.expiresAt, timeZone } } }
}

const pictureOf = (voucher: VoucherFacts, business: BusinessFacts): MessageContent => {
  const buttons = [copyCodeButtons(voucher), showToStaffButtons(voucher)].filter((row) => row.length > 0)
  return {
    phrases: [
      { key: 'voucher.mine', params: { title: voucherTitle(voucher), business: business.name } },
      ...voucherLines(voucher, business.timeZone),
    ],
    picture: { kind: 'voucher', voucherId: voucher.id },
    ...(buttons.length > 0 ? { buttons } : { menu: true }),
  }
}

const showButton = (voucher: VoucherFacts): readonly ContentButton[] => [
  {
    kind: 'action',
    label: 'buttons.named',
    params: { name: voucherTitle(voucher) },
    action: `voucher:${voucher.id}`,
  },
]

const turnButtons = (page: number, pages: number): readonly ContentButton[] => [
  ...(page > 1 ? [turnTo(page - 1, 'buttons.previous')] : []),
  ...(page < pages ? [turnTo(page + 1, 'buttons.next')] : []),
]

const turnTo = (page: number, label: string): ContentButton => ({ kind: 'action', label, action: `vouchers:${page}` })
