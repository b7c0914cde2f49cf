import { isDeepStrictEqual } from 'node:util'
import type { Bound, Database } from '../../../db/database.js'
import { canonical } from '../../../events/aliases.js'
import { parseEvent } from '../../../events/parse-event.js'
import { parseJson } from '../../../http/json-boundary.js'
import type { LoyaltyStore } from '../../loyalty-store.js'
import { byId, type OwnRows } from '../own-rows.js'
import type { Happened } from '../own-voucher.js'
import { replay } from './replay.js'
import type { createVerifyStore } from './verify-store.js'

/** An event of ours as the journal keeps it; its body is null once it was erased. */
export interface KeptEvent {
  readonly id: string
  readonly seq: number
  readonly businessId: string
  readonly customerId: string | null
  readonly occurredAt: number
  readonly receivedAt: number
  readonly body: Buffer | null
}

export interface VerifyNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly store: ReturnType<typeof createVerifyStore>
  /** A customer's events that are not 7stamp's: those that are told already, and those that wait to be. */
  readonly toldEvents: (values: { customerId: string }) => Bound<readonly KeptEvent[]>
  readonly pendingEvents: (values: { customerId: string }) => Bound<readonly KeptEvent[]>
}

export type OwnVerification =
  | { readonly kind: 'same'; readonly customers: number; readonly cards: number }
  /** The first row that is not as the journal tells it; `fields` is empty where only one of the two knows it. */
  | {
      readonly kind: 'different'
      readonly customerId: string
      readonly table: keyof OwnRows
      readonly id: string
      readonly fields: readonly string[]
    }

const PAGE = 200

/** Replays the journal of each customer, and compares what it gives with the rows that are there. */
export const createVerifyOwn =
  (needs: VerifyNeeds) =>
  async (businessId: string): Promise<OwnVerification> => {
    const { db, store } = needs
    let customers = 0
    let cards = 0
    for (let afterId = ''; ; ) {
      const page = await db.read(store.customers({ businessId, afterId, limit: PAGE }))
      for (const { id } of page) {
        const { there, told } = await bothOf(needs, id)
        const difference = differenceOf(there, told)
        if (difference) return { kind: 'different', customerId: id, ...difference }
        customers++
        cards += there.cards.size
        afterId = id
      }
      if (page.length < PAGE) return { kind: 'same', customers, cards }
    }
  }

const bothOf = async ({ db, loyalty, store, toldEvents, pendingEvents }: VerifyNeeds, customerId: string) => {
  const whose = { customerId }
  return db.atomically(
    {
      // Whoever changes something of theirs waits for this row, so that all that follows is of one moment.
      customer: loyalty.lockedCustomer({ id: customerId }),
      cards: store.cards(whose),
      vouchers: store.vouchers(whose),
      stamps: store.stamps(whose),
      rewards: store.rewards(whose),
      draws: store.draws(whose),
      redemptions: store.redemptions(whose),
      toldEvents: toldEvents(whose),
      pendingEvents: pendingEvents(whose),
    },
    ({ cards, vouchers, stamps, rewards, draws, redemptions, ...events }) => {
      const there: OwnRows = {
        cards: byId(cards),
        vouchers: byId(vouchers),
        stamps: byId(stamps),
        rewards: byId(rewards),
        draws: new Map(draws.map(({ draw }) => [draw.rewardId, draw])),
        redemptions: byId(redemptions),
      }
      const kept = [...events.toldEvents, ...events.pendingEvents].sort((a, b) => a.seq - b.seq)
      return { writes: [], result: { there, told: replay(kept.flatMap(happened)) } }
    },
  )
}

const happened = ({ body, customerId, receivedAt, ...event }: KeptEvent): Happened[] => {
  if (body === null || customerId === null) return []
  const parsed = parseEvent(canonical(parseJson(body)), receivedAt)
  return parsed.kind === 'event' ? [{ ...event, customerId, payload: parsed.event }] : []
}

const TABLES = ['cards', 'vouchers', 'stamps', 'rewards', 'draws', 'redemptions'] as const

const differenceOf = (there: OwnRows, told: OwnRows) => {
  for (const table of TABLES) {
    const [a, b]: ReadonlyMap<string, object>[] = [there[table], told[table]]
    for (const id of new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])) {
      const [row, rowTold] = [a?.get(id), b?.get(id)]
      if (isDeepStrictEqual(row, rowTold)) continue
      return { table, id, fields: row && rowTold ? fieldsThatDiffer(row, rowTold) : [] }
    }
  }
  return null
}

const fieldsThatDiffer = (row: object, other: object): string[] =>
  Object.keys(row).filter((field) => !isDeepStrictEqual(Reflect.get(row, field), Reflect.get(other, field)))
