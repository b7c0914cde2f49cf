import { z } from 'zod'
import { parseInput } from '../../field-errors.js'

/**
 * The rules of a card template, one version of it. They never change: a card keeps the rules that it was issued under, and a
 * changed template is a new version for new cards.
 */

const TITLE_MAX = 120
const TEXT_MAX = 500
const GOALS_MAX = 20
const STAMPS_MAX = 1_000
const VARIANTS_MAX = 20
/** Probabilities are in basis points: hundredths of a percent. */
export const CERTAINTY_BP = 10_000

const title = z.string().trim().min(1).max(TITLE_MAX)
const greeting = z.string().trim().min(1).max(TEXT_MAX).nullable()
const voucherTemplateId = z.string().min(1)
const chanceBp = z.int().min(1).max(CERTAINTY_BP)

const variant = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('award'), title, greeting, chanceBp }),
  z.strictObject({ kind: z.literal('voucher'), title, greeting, chanceBp, voucherTemplateId }),
  z.strictObject({ kind: z.literal('try_again'), title, greeting, chanceBp }),
  z.strictObject({ kind: z.literal('no_prize'), title, greeting, chanceBp }),
])

const variants = z
  .array(variant)
  .min(1)
  .max(VARIANTS_MAX)
  .refine((all) => all.reduce((sum, { chanceBp }) => sum + chanceBp, 0) === CERTAINTY_BP, {
    error: 'the chances must sum to exactly 100 % (10000 basis points)',
  })
  .readonly()

const reward = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('award'), title }),
  z.strictObject({ kind: z.literal('voucher'), title, voucherTemplateId }),
  z.strictObject({ kind: z.literal('lottery'), title, variants }),
])

const goals = z
  .array(z.strictObject({ stamps: z.int().min(1).max(STAMPS_MAX), reward }))
  .min(1)
  .max(GOALS_MAX)
  .refine((all) => all.every(({ stamps }, index) => stamps > (all[index - 1]?.stamps ?? 0)), {
    error: 'each goal must need more stamps than the one before',
  })
  .readonly()

const stamping = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('per_order') }),
  /** One stamp for each `perAmount` minor units; what is left of an order counts towards the next one if so ruled. */
  z.strictObject({
    kind: z.literal('per_amount'),
    perAmount: z.int().min(1).max(1_000_000_000),
    currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be a currency such as EUR' }),
    carriesRemainder: z.boolean(),
  }),
])

const cardRules = z.strictObject({
  title,
  goals,
  stamping,
  /** Past the last goal a card begins a new round, or is complete and takes no more stamps. */
  afterLastGoal: z.enum(['start_over', 'stop']),
})

export type CardRules = z.output<typeof cardRules>
export type Stamping = CardRules['stamping']
export type Goal = CardRules['goals'][number]
export type Reward = Goal['reward']
export type Variant = z.output<typeof variant>

/** Throws AppError('invalid_input') with every wrong field. */
export const parseCardRules = (input: unknown): CardRules => parseInput(cardRules, input)

/** The templates of vouchers that the rules promise. */
export const promisedTemplates = ({ goals }: Pick<CardRules, 'goals'>): readonly string[] => [
  ...new Set(goals.flatMap(({ reward }) => templatesOf(reward))),
]

const templatesOf = (reward: Reward): readonly string[] => {
  if (reward.kind === 'voucher') return [reward.voucherTemplateId]
  if (reward.kind === 'award') return []
  return reward.variants.flatMap((one) => (one.kind === 'voucher' ? [one.voucherTemplateId] : []))
}
