import { z } from 'zod'
import { id } from '../../api/fields.js'
import { type CardRules, parseCardRules, type Reward, type Variant } from '../own/card-rules.js'
import { inSnakeCase } from './terms-json.js'

/** The rules of a card, as the API writes them. The rules themselves check lengths, order and sums. */

const greeting = z.string().nullable().default(null)
const chanceBp = z.int().describe('In hundredths of a percent; all of a lottery sum to 10000.')

const variant = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('award'), title: z.string(), greeting, chance_bp: chanceBp }),
  z.strictObject({
    kind: z.literal('voucher'),
    title: z.string(),
    greeting,
    chance_bp: chanceBp,
    voucher_template_id: id('vt'),
  }),
  z.strictObject({ kind: z.literal('try_again'), title: z.string(), greeting, chance_bp: chanceBp }),
  z.strictObject({ kind: z.literal('no_prize'), title: z.string(), greeting, chance_bp: chanceBp }),
])

const reward = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('award'), title: z.string() }),
  z.strictObject({ kind: z.literal('voucher'), title: z.string(), voucher_template_id: id('vt') }),
  z.strictObject({ kind: z.literal('lottery'), title: z.string(), variants: z.array(variant) }),
])

const stamping = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('per_order') }),
  z.strictObject({
    kind: z.literal('per_amount'),
    per_amount: z.int().describe('One stamp for so many minor units.'),
    currency: z.string(),
    carries_remainder: z.boolean().describe('What is left of an order counts towards the next one.'),
  }),
])

export const rulesFields = {
  title: z.string(),
  goals: z.array(z.strictObject({ stamps: z.int(), reward })),
  stamping,
  after_last_goal: z.enum(['start_over', 'stop']),
}

const rulesJson = z.strictObject(rulesFields)
export type RulesJson = z.output<typeof rulesJson>

/** Throws AppError('invalid_input') with every wrong field. */
export const rulesIn = (json: RulesJson): CardRules =>
  inSnakeCase(() =>
    parseCardRules({
      title: json.title,
      goals: json.goals.map(({ stamps, reward: promised }) => ({ stamps, reward: rewardIn(promised) })),
      stamping:
        json.stamping.kind === 'per_amount'
          ? {
              kind: 'per_amount',
              perAmount: json.stamping.per_amount,
              currency: json.stamping.currency,
              carriesRemainder: json.stamping.carries_remainder,
            }
          : json.stamping,
      afterLastGoal: json.after_last_goal,
    }),
  )

const rewardIn = (json: z.output<typeof reward>) => {
  if (json.kind === 'award') return json
  if (json.kind === 'voucher')
    return { kind: json.kind, title: json.title, voucherTemplateId: json.voucher_template_id }
  return { kind: json.kind, title: json.title, variants: json.variants.map(variantIn) }
}

const variantIn = ({ chance_bp, ...json }: z.output<typeof variant>) => {
  const common = { title: json.title, greeting: json.greeting, chanceBp: chance_bp }
  return json.kind === 'voucher'
    ? { kind: json.kind, ...common, voucherTemplateId: json.voucher_template_id }
    : { kind: json.kind, ...common }
}

export const presentRules = ({ title, goals, stamping: how, afterLastGoal }: CardRules): RulesJson => ({
  title,
  goals: goals.map(({ stamps, reward: promised }) => ({ stamps, reward: presentPromise(promised) })),
  stamping:
    how.kind === 'per_amount'
      ? {
          kind: how.kind,
          per_amount: how.perAmount,
          currency: how.currency,
          carries_remainder: how.carriesRemainder,
        }
      : how,
  after_last_goal: afterLastGoal,
})

const presentPromise = (promised: Reward): z.output<typeof reward> => {
  if (promised.kind === 'award') return promised
  if (promised.kind === 'voucher')
    return { kind: promised.kind, title: promised.title, voucher_template_id: promised.voucherTemplateId }
  return { kind: promised.kind, title: promised.title, variants: promised.variants.map(presentVariant) }
}

const presentVariant = (one: Variant): z.output<typeof variant> => {
  const common = { title: one.title, greeting: one.greeting, chance_bp: one.chanceBp }
  return one.kind === 'voucher'
    ? { kind: one.kind, ...common, voucher_template_id: one.voucherTemplateId }
    : { kind: one.kind, ...common }
}
