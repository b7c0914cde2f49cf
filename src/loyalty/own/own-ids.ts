import type { EventName } from '../../events/glossary.js'
import { derivedId, type IdPrefix, randomId } from '../../ids.js'

/** An event's id follows from what happened: the stamp, voucher or redemption, and what became of it. */
export const ownEventId = (name: EventName, ...subject: readonly string[]): string =>
  derivedId('evt', 'own', name, ...subject)

/** A new thing's id: with a key the same each time it is asked for, so that it is made once. */
export const newId = (prefix: IdPrefix, businessId: string, key: string | null): string =>
  key === null ? randomId(prefix) : derivedId(prefix, 'own', businessId, key)
