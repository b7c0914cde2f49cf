import type { Phrase } from '../../../src/notify/content.js'
import { shortName } from '../../../src/notify/short-name.js'
import { type Answer, reply } from '../answer.js'

/** One answer to every number, code and button that leads nowhere. */
export const nothingFound = (): Answer => reply([{ phrases: [{ key: 'redeem.unknown' }] }], [{ kind: 'countLookup' }])

/** A customer as a whole team may read of them, inside a sentence. */
export const whoIs = (name: string | null): string | Phrase =>
  name === null ? { key: 'redeem.unnamed' } : shortName(name)
