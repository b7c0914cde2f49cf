import { createHash } from 'node:crypto'
import type { LoyaltyEvent } from './glossary.js'

/** What an event says, whatever the order of its members and the language of its keys. */
export const contentHashOf = (event: LoyaltyEvent): string =>
  createHash('sha256').update(JSON.stringify(event, sortMembers)).digest('base64url')

const sortMembers = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
