/** A goal as somebody writes it down: `8: Free coffee`. */
export interface WrittenGoal {
  readonly stamps: number
  readonly reward: string
}

/**
 * Reads goals such as `3: Cookie, 8: Coffee`, in the order of their stamps; null for what is none, or where two have the same
 * number. A comma belongs to a reward unless a number and a colon follow it.
 */
export const readGoals = (text: string): readonly WrittenGoal[] | null => {
  const goals: WrittenGoal[] = []
  for (const part of text.split(/,(?=\s*\d+\s*:)/)) {
    const [, stamps, reward = ''] = /^\s*(\d{1,4})\s*:\s*(.+?)\s*$/s.exec(part) ?? []
    if (stamps === undefined || Number(stamps) < 1) return null
    goals.push({ stamps: Number(stamps), reward })
  }
  goals.sort((a, b) => a.stamps - b.stamps)
  return goals.some(({ stamps }, index) => stamps === goals[index - 1]?.stamps) ? null : goals
}
