import { voucherTitle } from '../../src/notify/captions.js'
import { type Answer, reply } from './answer.js'
import type { Facts } from './facts.js'
import { canBeShown, showVoucher } from './vouchers.js'

/** "Show to staff": a picture that a cashier scans, and the same as a code to type. It works once, for two minutes. */
export const showToStaff = (voucherId: string, facts: Facts, now: number): Answer => {
  const { business, who, found } = facts
  const own = who.role === 'customer' ? who.customer.vouchers : []
  const voucher = own.find(({ id }) => id === voucherId)
  if (!voucher || !canBeShown(voucher, now) || found.freshShowing === null) return showVoucher(voucherId, facts, now)
  const { code, token, link } = found.freshShowing
  return reply(
    [
      {
        phrases: [
          { key: 'voucher.mine', params: { title: voucherTitle(voucher), business: business.name } },
          { key: 'show.code', params: { code } },
          { key: 'show.within', params: { business: business.name } },
        ],
        picture: { kind: 'showing', voucherId, code, link },
        menu: true,
      },
    ],
    [{ kind: 'show', voucherId, code, token }],
  )
}
