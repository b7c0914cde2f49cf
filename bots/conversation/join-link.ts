/** Marks a join link's payload: a one-time token, which is base62, never has it. */
const PREFIX = 'j_'

/** What a join link of a location carries. Locations differ only for those who count: all of them are answered alike. */
export const joinPayload = (location: string): string => `${PREFIX}${location}`

export const isJoinPayload = (payload: string): boolean => payload.startsWith(PREFIX)
