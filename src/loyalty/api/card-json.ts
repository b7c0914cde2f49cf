import { z } from 'zod'
import { id, time, timeOf } from '../../api/fields.js'
import { cardFacts } from '../facts.js'
import type { CardRow } from '../loyalty-tables.js'

export const cardJson = z
  .strictObject({
    id: id('card'),
    number: z.string().describe('What people read and type.'),
    customer_id: id('c'),
    master: z.enum(['7stamp', 'own']).describe("A card of 7stamp's changes only there."),
    template_id: z.string().nullable(),
    template_version: z.int().nullable(),
    title: z.string().nullable(),
    stamps: z.int().nullable().describe('In this round; null while 7stamp has not told.'),
    stamps_goal: z.int().nullable(),
    stamps_total: z.int().nullable().describe('All that the card ever got and that stand.'),
    goals: z.array(z.strictObject({ stamps: z.int(), reward: z.string().nullable() })),
    next_goal: z
      .strictObject({
        goal_index: z.int(),
        stamps: z.int(),
        stamps_left: z.int().nullable(),
        reward: z.string().nullable(),
      })
      .nullable()
      .describe('Null on a card that is complete.'),
    carried_amount: z.int().nullable().describe('Left of amounts for the next stamp, in minor units.'),
    created_at: time,
    last_used_at: time.nullable(),
  })
  .meta({ id: 'Card' })

export const presentCard = (card: CardRow): z.input<typeof cardJson> => {
  const facts = cardFacts(card)
  const goals = facts.goals.map((stamps, index) => ({ stamps, reward: card.goalRewards?.[index] ?? null }))
  const next = card.goalIndex === null ? undefined : goals[card.goalIndex]
  return {
    id: card.id,
    number: facts.number,
    customer_id: card.customerId,
    master: card.master,
    template_id: card.templateId ?? card.templateExternalId,
    template_version: card.templateVersion,
    title: card.title,
    stamps: card.stamps,
    stamps_goal: facts.stampsGoal,
    stamps_total: card.stampsTotal,
    goals,
    next_goal:
      next === undefined || card.goalIndex === null
        ? null
        : {
            goal_index: card.goalIndex,
            ...next,
            stamps_left: card.stamps === null ? null : Math.max(0, next.stamps - card.stamps),
          },
    carried_amount: card.carriedAmount,
    created_at: timeOf(card.createdAt),
    last_used_at: card.touchedAt === 0 ? null : timeOf(card.touchedAt),
  }
}
