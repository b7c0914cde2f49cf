const CONFIRM_WITHIN_MS = 10 * 60_000

/** A "yes" found later in the chat's past must not do anything. Unix ms. */
export const isStillAsked = (askedAt: number, now: number): boolean => now - askedAt <= CONFIRM_WITHIN_MS

/** The answer to a question, with what the pressed button says of when it was asked (Unix ms). */
export interface Choice {
  readonly confirmed: boolean
  readonly askedAt: number
}

export const readYesOrNo = (word: string | undefined): boolean | null =>
  word === 'yes' ? true : word === 'no' ? false : null

/** Null for a button that only asks. A time that cannot be read is long ago. */
export const readChoice = (word: string | undefined, askedAt = ''): Choice | null => {
  const confirmed = readYesOrNo(word)
  if (confirmed === null) return null
  return { confirmed, askedAt: readMoment(askedAt) }
}

/** Unix ms, as a button carries it. */
export const readMoment = (text: string): number => (/^[\da-z]{1,10}$/.test(text) ? Number.parseInt(text, 36) : 0)

/** The end of an action that answers a question asked at this time; in base 36, since an action has 64 bytes. */
export const choiceOf = (word: 'yes' | 'no', askedAt: number): string => `${word}:${askedAt.toString(36)}`
