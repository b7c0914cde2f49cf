import { z } from 'zod'
import { invalidInput } from '../field-errors.js'
import { parseJson } from '../http/json-boundary.js'

const MOST = 100
const USUAL = 50

/** The query of a list. */
export const pageQuery = {
  limit: z.coerce.number<string>().int().min(1).max(MOST).default(USUAL).describe('How many at most.'),
  cursor: z.string().max(500).optional().describe('`next_cursor` of the page before. Opaque.'),
}

/** The answer of a list. `next_cursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ data: z.array(item), next_cursor: z.string().nullable() })

/**
 * Where a page ends: the sorting key of its last item. New items do not move the others, since a page begins behind a key and
 * not at a number.
 */
const cursorOf = (key: readonly (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/** The key in a cursor. Throws AppError('invalid_input') for what is none of ours. */
export const readCursor = <Key extends z.ZodType>(key: Key, cursor: string): z.output<Key> => {
  const parsed = key.safeParse(jsonIn(cursor))
  if (parsed.success) return parsed.data
  throw invalidInput([{ field: 'cursor', message: 'must be the next_cursor of the page before' }])
}

const jsonIn = (cursor: string): unknown => {
  try {
    return parseJson(Buffer.from(cursor, 'base64url'))
  } catch {
    return undefined
  }
}

/** One page of `rows`, which were read one more than `limit`, so that the last page is known. */
export const presentPage = <Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  present: (row: Row) => unknown,
) => {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    data: page.map(present),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null,
  }
}
