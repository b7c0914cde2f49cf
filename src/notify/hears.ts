/** What a customer wants to hear unasked. STOP is more than `nothing`: it is a consent, and kept as one. */
export type Hears = (typeof HEARS)[number]

/** The most first; whoever has chosen nothing hears everything. */
export const HEARS = ['everything', 'rewards', 'nothing'] as const

export const HEARS_UNLESS_CHOSEN: Hears = 'everything'
