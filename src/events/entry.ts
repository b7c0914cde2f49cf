import type { NewEvent } from './journal.js'
import { customerIdOf, type JournaledEvent, SHARDS, shardOf } from './journaled-event.js'
import { reasonOf } from './reason.js'
import type { WebhookContent } from './webhook.js'

/** A webhook of 7stamp as the journal takes it in, whatever it turned out to be. */
export const entryOf = (
  content: WebhookContent,
  received: Pick<NewEvent, 'id' | 'rootId' | 'businessId' | 'receivedAt' | 'hasWeakKey' | 'body'>,
): NewEvent => {
  const origin = '7stamp'
  const { businessId } = received
  // The spread stands last: V8 builds an object that begins with one fifty times more slowly, and this is done for each webhook.
  if (content.kind === 'event') {
    const { event } = content
    const customerId = customerIdOf(businessId, event.customer.id)
    const occurredAt = Date.parse(event.timestamp)
    const shard = shardOf(customerId)
    return { origin, customerId, name: event.event, occurredAt, state: 'pending', shard, reason: null, ...received }
  }
  const externalId = content.customerExternalId
  return {
    origin,
    // A body that nobody can apply may be about a person all the same, and is found when that person is erased.
    customerId: externalId === null ? null : customerIdOf(businessId, externalId),
    name: content.name,
    occurredAt: received.receivedAt,
    state: content.kind,
    shard: SHARDS[0] ?? 0,
    reason: content.kind === 'invalid' ? reasonOf(content.problem.fields) : null,
    ...received,
  }
}

/** An event of our own as the journal takes it in: in the batch of the change that it tells of. */
export const ownEntryOf = (event: Omit<JournaledEvent, 'seq'>, body: Buffer): NewEvent => {
  const { id, businessId, rootId, customerId, origin, occurredAt, receivedAt, payload } = event
  return {
    id,
    businessId,
    rootId,
    customerId,
    name: payload.event,
    origin,
    occurredAt,
    receivedAt,
    state: 'pending',
    shard: shardOf(customerId),
    hasWeakKey: false,
    reason: null,
    body,
  }
}
