import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { hashToken, randomToken } from '../../src/ids.js'
import type { ChatStore } from './chat-store.js'

/** What a one-time deep link does for the first chat that opens it. */
export type LinkPurpose =
  | { readonly kind: 'customer'; readonly customerId: string }
  | { readonly kind: 'staff' }
  /** A location's device that several cashiers use, each with a PIN. */
  | { readonly kind: 'shared_device'; readonly locationId: string }

/** Telegram allows 64 characters of [A-Za-z0-9_-] in a deep link; 24 of base62 are 142 bits. */
const TOKEN_LENGTH = 24
export const CUSTOMER_LINK_MS = 15 * 60_000
export const STAFF_LINK_MS = 24 * 3_600_000

/** Makes a one-time link and returns its token, which only the caller ever sees: the database keeps a hash. */
export const createLink = async (
  { db, chats, clock }: { db: Database; chats: ChatStore; clock: Clock },
  businessId: string,
  purpose: LinkPurpose,
): Promise<string> => {
  const token = randomToken(TOKEN_LENGTH)
  const now = clock()
  await db.write(
    chats.addLink({
      tokenHash: hashToken(token),
      businessId,
      kind: purpose.kind === 'customer' ? 'customer' : 'staff',
      customerId: purpose.kind === 'customer' ? purpose.customerId : null,
      sharedLocationId: purpose.kind === 'shared_device' ? purpose.locationId : null,
      expiresAt: now + (purpose.kind === 'customer' ? CUSTOMER_LINK_MS : STAFF_LINK_MS),
      createdAt: now,
    }),
  )
  return token
}
