import type { Bound } from '../../src/db/database.js'
import { customerIdOf } from '../../src/events/journaled-event.js'
import type { Foundation } from '../../src/main/foundation.js'
import { type Cafe, externalIdOf, withFoundation } from '../rig/cafe.js'

/** Cards of the café's own, and the keys of staff who stamp them. */
export interface Tills {
  readonly cardIds: readonly string[]
  readonly keys: readonly string[]
}

const AT_ONCE = 200
const ACTOR = 'bench'

/** A coffee card whose tenth stamp earns a coffee, and starts over. */
const RULES = {
  title: 'Coffee card',
  goals: [{ stamps: 10, reward: { kind: 'award', title: 'A flat white' } }],
  stamping: { kind: 'per_order' },
  afterLastGoal: 'start_over',
} as const

export const openTills = (
  { settings }: Cafe,
  { cards, logins }: { readonly cards: number; readonly logins: number },
): Promise<Tills> =>
  withFoundation(settings, async (foundation, businessId) => {
    const now = Date.now()
    await foundation.own.saveCardTemplate({ businessId, id: null, key: null, now, rules: RULES })
    const cardIds: string[] = []
    for (let from = 0; from < cards; from += AT_ONCE)
      cardIds.push(...(await issueCards(foundation, businessId, from, Math.min(cards, from + AT_ONCE), now)))
    const keys: string[] = []
    for (let login = 0; login < logins; login++) keys.push(await keyOf(foundation, businessId, `till${login}`))
    return { cardIds, keys }
  })

const issueCards = async (
  { db, loyalty, own }: Foundation,
  businessId: string,
  from: number,
  to: number,
  now: number,
): Promise<readonly string[]> => {
  const writes: Bound<unknown>[] = []
  const customerIds: string[] = []
  for (let index = from; index < to; index++) {
    const id = customerIdOf(businessId, externalIdOf(index))
    customerIds.push(id)
    writes.push(
      loyalty.addCustomer({
        id,
        businessId,
        externalId: externalIdOf(index),
        name: `Olena Kovalenko ${index}`,
        profileTimes: {},
        isDemo: false,
        createdAt: now,
      }),
    )
  }
  await db.write(...writes)
  return Promise.all(
    customerIds.map(async (customerId) => {
      const issue = await own.issueCard({
        businessId,
        customerId,
        templateId: null,
        origin: 'api',
        locationId: null,
        now,
      })
      if (issue.kind === 'refused') throw new Error(`no card: ${issue.reason}`)
      return issue.card.id
    }),
  )
}

const keyOf = async ({ access: { roster, keyRing } }: Foundation, businessId: string, login: string) => {
  const author = { businessId, actor: ACTOR }
  const added = await roster.addStaff({ ...author, name: login, role: 'cashier', login })
  if (added.kind === 'refused') throw new Error(`no login: ${added.reason}`)
  const made = await keyRing.createKey({ ...author, staffId: added.staff.id, name: login })
  if (made.kind === 'refused') throw new Error(`no key: ${made.reason}`)
  return made.key
}
