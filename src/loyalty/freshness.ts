/** When each field was said, Unix ms. A field that nobody said yet has no time. */
export type FieldTimes = Readonly<Record<string, number>>

/** What is known of a thing, field by field. Null, and an empty list, is "not known". */
type Fields = Readonly<Record<string, string | number | readonly (string | number)[] | null>>

/** Said without being sure: fills an empty field, and gives way to whatever an event says, however old. */
export const AS_A_GUESS = 0

/**
 * Takes over what an event says of a thing, each field for itself: what was said later stands, and an older word still fills
 * an empty field. `undefined` is "not said". Gives only what changes, so the order in which events arrive makes no
 * difference. An empty answer is "nothing new".
 */
export const freshest = <T extends Fields>(
  known: T,
  times: FieldTimes,
  said: { readonly [Key in keyof T]?: T[Key] | undefined },
  at: number,
): { readonly fields: Partial<T>; readonly times: FieldTimes } => {
  const fields: Partial<T> = {}
  let newTimes = times
  for (const name in said) {
    const value = said[name]
    if (value === undefined || isUnknown(value)) continue
    const knownAt = isUnknown(known[name]) ? -1 : (times[name] ?? 0)
    if (at <= knownAt) continue
    fields[name] = value
    newTimes = { ...newTimes, [name]: at }
  }
  return { fields, times: newTimes }
}

const isUnknown = (value: Fields[string] | undefined): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0)
