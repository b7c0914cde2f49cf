import type { Bound, Database } from '../db/database.js'
import type { ChatPlace } from './forgetter.js'
import type { Holding } from './holding.js'

export interface ExportNeeds {
  readonly db: Database
  readonly chatsOf: (values: { customerId: string }) => Bound<readonly ChatPlace[]>
  readonly holdings: readonly Holding[]
}

type Exported = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** Everything that is held on a person, by the names of the holdings. */
export type ExportPerson = (customerId: string) => Promise<Exported>

/** Every column of every row: what is added to a table is in the export without anybody's doing. */
export const createExportPerson =
  ({ db, chatsOf, holdings }: ExportNeeds): ExportPerson =>
  async (customerId) => {
    const chats = await db.read(chatsOf({ customerId }))
    const exported = await Promise.all(
      holdings.map(async ({ name, rowsOf, opened = (row) => row }) => {
        const rows = await db.read(rowsOf({ customerId, chats }))
        return [name, rows.map((row) => readable(opened(row)))]
      }),
    )
    return Object.fromEntries(exported)
  }

const readable = (row: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [snake(name), legible(name, value)]))

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Times are numbers whose names say that they are times; bodies are bytes of JSON. */
const legible = (name: string, value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return jsonIn(value)
  const isTime = /(^at|At|Since|Until)$/.test(name) && typeof value === 'number' && value > 0
  return isTime ? new Date(value).toISOString() : value
}

const jsonIn = (bytes: Buffer): unknown => {
  const text = bytes.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
