import { randomInt } from 'node:crypto'
import { randomToken } from '../../src/ids.js'
import type { FreshShowing } from '../conversation/facts.js'
import { shownPayload } from '../conversation/voucher-code.js'
import type { CounterSources } from './prepare-counter.js'

const CODES = 1_000_000
const CODE_TRIES = 20
const TOKEN_LENGTH = 24

/** What no other customer of the business shows or has just shown; null if no code could be found. */
export const freshShowing = async ({
  db,
  counter,
  business,
  startLink,
}: CounterSources): Promise<FreshShowing | null> => {
  for (let tries = 0; tries < CODE_TRIES; tries++) {
    const code = String(randomInt(CODES)).padStart(6, '0')
    const others = await db.read(counter.showingByCode({ businessId: business.id, code }))
    if (others.length > 0) continue
    const token = randomToken(TOKEN_LENGTH)
    return { code, token, link: startLink(shownPayload(token)) }
  }
  return null
}
