/** Wrong PINs that one chat may type within `WINDOW_MS`; then it is refused until the oldest of them is that old. */
const MAX_WRONG = 5
export const WINDOW_MS = 15 * 60_000

/** A chat's wrong PINs that still count at `now` (Unix ms), oldest first. */
export const recentTries = (wrongAt: readonly number[], now: number): readonly number[] =>
  wrongAt.filter((at) => at > now - WINDOW_MS)

/** Until when (Unix ms) a chat with these recent tries is refused; null if it is not. */
export const lockedUntil = (recent: readonly number[]): number | null => {
  const oldestThatCounts = recent.at(-MAX_WRONG)
  return oldestThatCounts === undefined ? null : oldestThatCounts + WINDOW_MS
}

export const triesLeft = (recent: readonly number[]): number => Math.max(0, MAX_WRONG - recent.length)
