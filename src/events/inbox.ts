import type { Database } from '../db/database.js'
import { AppError } from '../errors.js'
import { verifyWebhook, type WebhookHeaders } from '../http/standard-webhooks.js'
import { entryOf } from './entry.js'
import type { Journal, NewEvent } from './journal.js'
import { eventIdOf } from './journaled-event.js'
import { type ReadWebhook, readWebhook, type WebhookContent } from './webhook.js'

/** Who a webhook address belongs to. */
export interface Admission {
  /** The business of the address; sister businesses share it. */
  readonly rootId: string
  /** A `whsec_…` secret: when set, the sender must sign. */
  readonly secret: string | null
  /** Our ids of this business and its sisters, by 7stamp's. */
  readonly family: ReadonlyMap<string, string>
}

/** Declared here, kept by whoever owns the businesses. */
export interface Admissions {
  /** Null for an address that does not exist (any more). */
  admit(token: string): Promise<Admission | null>
  /**
   * Our id of the business that 7stamp calls `externalId`, seen through the address of `rootId`: one of the family; if need
   * be the root itself, if it had no external id yet, else a new sister. Null if it belongs to another address.
   */
  bind(rootId: string, externalId: string): Promise<string | null>
}

export interface Receipt {
  readonly status: 'accepted' | 'duplicate'
  readonly id: string
}

export interface InboxNeeds {
  readonly db: Database
  readonly journal: Journal
  readonly admissions: Admissions
  readonly clock: () => number
  /** Asks for a shard to be worked; never fails, never waits. */
  wake(shard: number): void
}

type SignatureHeaders = { readonly [name in keyof WebhookHeaders]: string | undefined }

/** Takes 7stamp's webhooks in. A receipt means that the bytes and the journal's row are in one synced commit. */
export type Inbox = ReturnType<typeof createInbox>

export const createInbox = ({ db, journal, admissions, clock, wake }: InboxNeeds) => {
  /**
   * Stores one webhook that came through an admitted address. Throws AppError: 'unauthorized' for a bad signature or a
   * business of another address, 'invalid_json', 'invalid_input' (its bytes are kept for replay) and 'unavailable'.
   */
  const receive = async (admission: Admission, headers: SignatureHeaders, body: Buffer): Promise<Receipt> => {
    const receivedAt = clock()
    if (admission.secret !== null) requireSignature(admission.secret, headers, body, receivedAt)
    const webhook = readWebhook(body, headers['webhook-id'], receivedAt)
    const businessId = await businessOf(admission, webhook.content)
    const event = entryOf(webhook.content, {
      id: eventIdOf(admission.rootId, webhook.key.key),
      rootId: admission.rootId,
      businessId,
      receivedAt,
      hasWeakKey: webhook.key.isWeak,
      body,
    })
    if (webhook.content.kind === 'invalid') {
      await db.write(journal.addIfNew(event))
      throw webhook.content.problem
    }
    const receipt = await store(event, webhook)
    if (receipt.status === 'accepted' && event.state === 'pending') wake(event.shard)
    return receipt
  }

  /** Only an event binds a business that is new to us; what is no event is kept with the address's own. */
  const businessOf = async (admission: Admission, content: WebhookContent): Promise<string> => {
    const externalId = content.kind === 'event' ? content.event.business_id : content.businessExternalId
    const known = externalId === null ? admission.rootId : admission.family.get(externalId)
    if (known !== undefined || externalId === null) return known ?? admission.rootId
    if (content.kind !== 'event') return admission.rootId
    const bound = await admissions.bind(admission.rootId, externalId)
    if (bound === null) throw new AppError('unauthorized', 'this business_id belongs to another webhook address')
    return bound
  }

  const store = (event: NewEvent, { claimedIds }: ReadWebhook): Promise<Receipt> => {
    const [claimedId] = claimedIds
    return db.atomically(
      {
        same: journal.entryById({ id: event.id }),
        own: claimedId === undefined ? null : journal.entryById({ id: claimedId }),
      },
      ({ same: [same], own: [own] }) => {
        if (own?.rootId === event.rootId) return { writes: [], result: duplicate(own.id) }
        if (!same) return { writes: [journal.add(event)], result: accepted(event.id) }
        // Its sender mended it, or we have learned to read it since.
        const isMended = event.state === 'pending' && (same.state === 'invalid' || same.state === 'unrecognised')
        return isMended
          ? { writes: [journal.reopen(event)], result: accepted(event.id) }
          : { writes: [], result: duplicate(same.id) }
      },
    )
  }

  return {
    /** Null for an address that nobody has. */
    admit: (token: string) => admissions.admit(token),
    receive,
  }
}

const accepted = (id: string): Receipt => ({ status: 'accepted', id })
const duplicate = (id: string): Receipt => ({ status: 'duplicate', id })

const requireSignature = (secret: string, headers: SignatureHeaders, body: Buffer, now: number): void => {
  const verification = verifyWebhook([secret], headers, body, now)
  if (verification.ok) return
  throw new AppError(
    'unauthorized',
    `this webhook address asks for Standard Webhooks headers, and the signature is refused: ${verification.reason}`,
  )
}
