const CONFIRM_WITHIN_MS = 10 * 60_000

/** A "yes" found later in the chat's past must not do anything. Unix ms. */
export const isStillAsked = (askedAt: number, now: number): boolean => now - askedAt <= CONFIRM_WITHIN_MS
