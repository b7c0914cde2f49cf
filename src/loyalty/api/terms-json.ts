import { z } from 'zod'
import { AppError } from '../../errors.js'
import { parseVoucherTerms, type Validity, type VoucherTerms } from '../own/voucher-offer.js'

/** What a voucher promises, as the API writes it. The rules themselves check lengths and bounds. */

export const validityJson = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unlimited') }),
  z.strictObject({ kind: z.literal('days'), days: z.int().describe('0 is today.') }),
  z.strictObject({ kind: z.literal('months'), months: z.int() }),
  z.strictObject({ kind: z.literal('until'), last_day: z.string().describe('`YYYY-MM-DD`, where the business is.') }),
])

export const termsFields = {
  title: z.string(),
  description: z.string().nullable().default(null),
  redeem_code: z
    .string()
    .nullable()
    .default(null)
    .describe("The till's promo code, which many vouchers may share; null for a code of its own."),
  redeem_code_formats: z.array(z.enum(['text', 'qr', 'barcode'])).default(['text', 'qr']),
  validity: validityJson.default({ kind: 'unlimited' }),
  redemption: z.enum(['self', 'staff', 'code']).default('staff').describe('Who may redeem it.'),
}

/** What is left out stays undefined, and does not become what it is in a new voucher. */
export const termsGiven = {
  ...termsFields,
  description: termsFields.description.unwrap(),
  redeem_code: termsFields.redeem_code.unwrap(),
  redeem_code_formats: termsFields.redeem_code_formats.unwrap(),
  validity: termsFields.validity.unwrap(),
  redemption: termsFields.redemption.unwrap(),
}

export const termsJson = z.strictObject(termsFields)
export type TermsJson = z.output<typeof termsJson>

export const termsOf = (json: TermsJson): VoucherTerms =>
  inSnakeCase(() =>
    parseVoucherTerms({
      title: json.title,
      description: json.description,
      redeemCode: json.redeem_code,
      formats: json.redeem_code_formats,
      validity: validityOf(json.validity),
      redemption: json.redemption,
    }),
  )

const validityOf = (validity: z.output<typeof validityJson>) =>
  validity.kind === 'until' ? { kind: 'until', lastDay: validity.last_day } : validity

export const presentTerms = (terms: VoucherTerms): TermsJson => ({
  title: terms.title,
  description: terms.description,
  redeem_code: terms.redeemCode,
  redeem_code_formats: [...terms.formats],
  validity: presentValidity(terms.validity),
  redemption: terms.redemption,
})

const presentValidity = (validity: Validity): TermsJson['validity'] =>
  validity.kind === 'until' ? { kind: 'until', last_day: validity.lastDay } : validity

/** Runs what parses; a wrong field is named as the API writes it. */
export const inSnakeCase = <T>(parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof AppError) || error.fields.length === 0) throw error
    const fields = error.fields.map(({ field, message }) => ({ field: snake(field), message }))
    throw new AppError(error.code, snake(error.message), { fields })
  }
}

const snake = (text: string): string =>
  text
    .replaceAll(/\bformats\b/g, 'redeem_code_formats')
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a}_${b.toLowerCase()}`)
