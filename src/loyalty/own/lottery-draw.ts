import { createHmac } from 'node:crypto'
import { CERTAINTY_BP, type Variant } from './card-rules.js'

/** What a draw is about: recorded with it, so that it holds for this one reward only. */
export interface DrawSubject {
  readonly businessId: string
  readonly customerId: string
  readonly cardId: string
  readonly rewardId: string
  readonly templateId: string
  readonly templateVersion: number
}

export interface Drawn {
  /** Hexadecimal; with the template's version it gives the variant, for whoever computes it again. */
  readonly seed: string
  readonly variantIndex: number
}

const ROLL_HEX_DIGITS = 12

/**
 * Draws a lottery. `random` was drawn for this once and is kept: seed = HMAC-SHA-256 of the subject under it, the seed's
 * first 48 bits modulo 10,000 are the roll, and the variant is the one whose share of the 10,000 holds it. (The modulo favours
 * no roll by more than one in 2^34.)
 */
export const drawVariant = (variants: readonly Variant[], random: string, subject: DrawSubject): Drawn => {
  const { businessId, customerId, cardId, rewardId, templateId, templateVersion } = subject
  const message = JSON.stringify([businessId, customerId, cardId, rewardId, templateId, templateVersion])
  const seed = createHmac('sha256', random).update(message).digest('hex')
  return { seed, variantIndex: variantAt(variants, Number.parseInt(seed.slice(0, ROLL_HEX_DIGITS), 16) % CERTAINTY_BP) }
}

/** The variant whose share holds a roll from 0 to 9,999. */
export const variantAt = (variants: readonly Variant[], roll: number): number => {
  let upTo = 0
  return variants.findIndex(({ chanceBp }) => {
    upTo += chanceBp
    return roll < upTo
  })
}
