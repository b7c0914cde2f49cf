import { z } from 'zod'
import { parseInput } from '../../field-errors.js'
import { isLocalDate } from './local-date.js'

const TITLE_MAX = 120
const TEXT_MAX = 2_000
const CODE_MAX = 80
const DAYS_MAX = 3_660
const MONTHS_MAX = 120

const validity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unlimited') }),
  z.strictObject({ kind: z.literal('days'), days: z.int().min(0).max(DAYS_MAX) }),
  z.strictObject({ kind: z.literal('months'), months: z.int().min(1).max(MONTHS_MAX) }),
  z.strictObject({
    kind: z.literal('until'),
    lastDay: z.string().refine(isLocalDate, { error: 'must be a day such as 2026-12-31' }),
  }),
])

const terms = z.strictObject({
  title: z.string().trim().min(1).max(TITLE_MAX),
  description: z.string().trim().min(1).max(TEXT_MAX).nullable(),
  /** The till's promo code; null for a code of its own, which is its number. */
  redeemCode: z.string().trim().min(1).max(CODE_MAX).nullable(),
  formats: z
    .array(z.enum(['text', 'qr', 'barcode']))
    .max(3)
    .readonly(),
  validity,
  redemption: z.enum(['self', 'staff', 'code']),
})

/** How long a voucher can be redeemed. `lastDay` is a local date, `YYYY-MM-DD`; 0 days is today. */
export type Validity = z.output<typeof validity>

/** What a voucher promises, written by hand or kept as a template. */
export type VoucherTerms = Readonly<z.output<typeof terms>>

/** What a voucher promises, before anybody has it. `templateId` is null for one that was written by hand. */
export type VoucherOffer = VoucherTerms & { readonly templateId: string | null }

/** Throws AppError('invalid_input') with every wrong field. */
export const parseVoucherTerms = (input: unknown): VoucherTerms => parseInput(terms, input)
