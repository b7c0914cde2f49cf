import { z } from 'zod'
import { id, time, timeOf, timeOrNull } from '../../api/fields.js'
import type { VoucherRow } from '../loyalty-tables.js'

export const voucherJson = z
  .strictObject({
    id: id('v'),
    number: z.string().describe('Unique in the business: what people read and type.'),
    customer_id: id('c'),
    card_id: id('card').nullable(),
    master: z.enum(['7stamp', 'own']).describe("A voucher of 7stamp's is redeemed only there."),
    template_id: z.string().nullable(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    status: z.enum(['issued', 'active', 'redeemed', 'expired']),
    status_since: time,
    redeem_code: z
      .string()
      .nullable()
      .describe("The till's promo code, which many vouchers may share; else its own number."),
    redeem_code_formats: z.array(z.enum(['text', 'qr', 'barcode'])),
    redemption: z.enum(['self', 'staff', 'code']).nullable().describe('Who may redeem it.'),
    redeemed_via: z.string().nullable(),
    expires_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'Voucher' })

export const presentVoucher = (voucher: VoucherRow): z.input<typeof voucherJson> => ({
  id: voucher.id,
  number: voucher.number,
  customer_id: voucher.customerId,
  card_id: voucher.cardId,
  master: voucher.master,
  template_id: voucher.templateId,
  title: voucher.title,
  description: voucher.description,
  status: voucher.state,
  status_since: timeOf(voucher.stateAt),
  redeem_code: voucher.redeemCode,
  redeem_code_formats: [...voucher.redeemCodeFormats],
  redemption: voucher.redemption,
  redeemed_via: voucher.redeemedVia,
  expires_at: timeOrNull(voucher.expiresAt),
  created_at: timeOf(voucher.createdAt),
})
