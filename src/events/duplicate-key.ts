import { createHash } from 'node:crypto'

/** By what an event is recognised when it comes again. */
export interface DuplicateKey {
  /** Printable ASCII of at most 140 characters, unique among the keys of one business. */
  readonly key: string
  /**
   * True for the hash of a body: two different events that say the same, byte for byte, would count as one. 7stamp sends no
   * id today, so all of its events are recognised like this.
   */
  readonly isWeak: boolean
}

const ID_MAX = 128
const PRINTABLE = /^[\x21-\x7e]+$/

/**
 * The duplicate key of a webhook: its `webhook-id` header, else the body's `id`, else the SHA-256 of the raw bytes. An id that
 * is too long or not plain ASCII (a database might not keep it as it is) is replaced by its own hash.
 */
export const duplicateKeyOf = (webhook: {
  readonly header: string | undefined
  readonly bodyId: unknown
  readonly rawBody: Buffer
}): DuplicateKey => {
  const id = webhook.header?.trim() || idText(webhook.bodyId)
  if (!id) return { key: `body:${sha256(webhook.rawBody)}`, isWeak: true }
  const isPlain = id.length <= ID_MAX && PRINTABLE.test(id)
  return { key: isPlain ? `id:${id}` : `id-hash:${sha256(id)}`, isWeak: false }
}

/** A number beyond 2^53 is no id: the parser has rounded it, and two events would become one. */
const idText = (id: unknown): string => {
  if (typeof id === 'string') return id.trim()
  return Number.isSafeInteger(id) ? String(id) : ''
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')
