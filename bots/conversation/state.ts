import { z } from 'zod'

/** What a conversation remembers of its last turn. */
export type State = z.infer<typeof State>

/** To redeem a voucher, to stamp a card, or to take stamps back. */
export type Wanted = z.infer<typeof Wanted>

const Wanted = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('voucher'), voucherId: z.string() }),
  z.object({ kind: z.literal('card'), cardId: z.string() }),
  z.object({ kind: z.literal('stamp'), stampId: z.string() }),
])

const State = z.discriminatedUnion('kind', [
  /** `misses` counts the inputs in a row that were not understood. */
  z.object({ kind: z.literal('idle'), misses: z.number().int().min(0) }),
  /** The list of languages was shown: a language's name as text now counts as a choice. */
  z.object({ kind: z.literal('choosing_language') }),
  /** "Really disconnect?" was asked at this time (Unix ms). */
  z.object({ kind: z.literal('confirming_unlink'), askedAt: z.number().int() }),
  /** "Really delete everything?" was asked at this time (Unix ms). */
  z.object({ kind: z.literal('confirming_deletion'), askedAt: z.number().int() }),
  /** A staff chat took a guest's code at this time (Unix ms), and is to say whose card it is. */
  z.object({
    kind: z.literal('linking_at_till'),
    chatId: z.string(),
    code: z.string(),
    askedAt: z.number().int(),
  }),
  /** "What would you like to tell the team?" was asked at this time (Unix ms). */
  z.object({ kind: z.literal('writing_to_team'), askedAt: z.number().int() }),
  /** "Reply" was pressed in a staff chat at this time (Unix ms), by whom the messenger names so. */
  z.object({
    kind: z.literal('replying'),
    questionId: z.string(),
    askedAt: z.number().int(),
    by: z.string().nullable(),
  }),
  /** A shared device asked at this time (Unix ms) who it is that wants this. */
  z.object({ kind: z.literal('asking_pin'), wants: Wanted, askedAt: z.number().int() }),
  /** This card was shown at this time (Unix ms) to whom the messenger names so: a number that they type now stamps it. */
  z.object({
    kind: z.literal('at_card'),
    cardId: z.string(),
    shownAt: z.number().int(),
    by: z.string().nullable(),
  }),
])

export const FRESH: State = { kind: 'idle', misses: 0 }

/** Reads a stored state. One that an older or newer version left, or that is damaged, is a fresh start. */
export const parseState = (stored: unknown): State => {
  const parsed = State.safeParse(stored)
  return parsed.success ? parsed.data : FRESH
}
