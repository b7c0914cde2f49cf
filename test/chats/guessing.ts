import { expect, vi } from 'vitest'
import { createLink } from '../../bots/chats/links.js'
import type { Incoming, Input, Messenger, SendResult } from '../../bots/messenger.js'
import type { Bound, Database } from '../../src/db/database.js'
import type { Counter } from './counter.js'

/** Something typed, opened, pressed or shared in a chat. */
export interface Try {
  readonly address: string
  readonly input: Input
}

export const typed = (address: string, text: string): Try => ({ address, input: { kind: 'text', text } })
export const opened = (address: string, payload: string): Try => ({ address, input: { kind: 'start', payload } })
export const shared = (address: string, phone: string): Try => ({
  address,
  input: { kind: 'contact', phone, own: true },
})

const AT_ONCE = 500
const LANE = 'telegram:test'
const WITHIN_MS = 20_000

/** Many tries at once, each chat's in their order. Every one is answered by one message: the texts by chat, oldest first. */
export const tryAll = async (
  { foundation: { storeUpdates }, shown }: Counter,
  tries: readonly Try[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const before = shown.length
  for (let from = 0; from < tries.length; from += AT_ONCE)
    await storeUpdates(
      LANE,
      tries.slice(from, from + AT_ONCE).map(({ address, input }, index) => ({
        updateId: `try-${before}-${from + index}`,
        address,
        body: { address, isPrivate: true, languageHint: 'en', input },
      })),
    )
  const until = Date.now() + WITHIN_MS
  while (shown.length < before + tries.length) {
    if (Date.now() > until) throw new Error(`${shown.length - before} of ${tries.length} tries were answered`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const answers = new Map<string, string[]>()
  for (const { address, message } of shown.slice(before))
    answers.set(address, [...(answers.get(address) ?? []), message.text])
  return answers
}

/** Every chat's tries in turn, so that no chat waits for another to be done. */
export const inTurn = (chats: readonly string[], count: number, make: (chat: string, index: number) => Try): Try[] =>
  Array.from({ length: count }, (_, index) => chats.map((chat) => make(chat, index))).flat()

export const different = (answers: ReadonlyMap<string, readonly string[]>): readonly string[] =>
  [...new Set([...answers.values()].flat())].toSorted()

export type Neighbour = Awaited<ReturnType<typeof openNeighbour>>

/** Another business, whose chats are on a lane of their own. */
export const openNeighbour = async (counter: Counter) => {
  const { foundation, addLane } = counter
  const { db, businesses, storeUpdates } = foundation
  const [own] = await db.read(businesses.byId({ id: counter.businessId }))
  if (!own) throw new Error('no business')
  const business = { ...own, id: 'b_neighbour', name: 'Neighbour', externalId: null, webhookTokenHash: null }
  await db.write(businesses.add(business))
  const texts: string[] = []
  const send = async (text: string): Promise<SendResult> => ({ status: 'sent', messageId: `n${texts.push(text)}` })
  const messenger: Messenger = {
    name: 'telegram',
    limits: { allPerSec: 10_000, allBurst: 1_000, bulkPerSec: 10_000, perChatMs: 0, slots: 16 },
    idempotent: false,
    send: (_address, { text }) => send(text),
    edit: (_address, _messageId, { text }) => send(text),
    readUpdate: (body) => body as Incoming,
  }
  const lane = 'telegram:neighbour'
  await addLane({ id: lane, business, messenger, showsPicturesByAddress: false, startLink: () => null })
  let updates = 0
  /** The different answers to what was tried there. */
  const answers = async (tries: readonly Try[]): Promise<readonly string[]> => {
    const before = texts.length
    for (const { address, input } of tries) {
      const body = { address, isPrivate: true, languageHint: 'en', input }
      await storeUpdates(lane, [{ updateId: `n${++updates}`, address, body }])
    }
    await vi.waitFor(() => expect(texts).toHaveLength(before + tries.length), { timeout: 10_000 })
    return [...new Set(texts.slice(before))]
  }
  const links = async (address: string) =>
    answers([opened(address, await createLink(foundation, business.id, { kind: 'staff' }))])
  return { answers, links }
}

export interface Turn {
  /** What went through the doors of the database to answer, by name. */
  readonly statements: readonly string[]
  /** From the first of them until the answer was committed. */
  readonly ms: number
}

/** What the lane does besides, whenever it likes. */
const BESIDES = ['add update', 'pending updates', 'due events', 'due broadcasts', 'readers of chats', 'record result']

/** The answering of the one update that `act` causes. */
export const turnOf = async (db: Database, act: () => Promise<unknown>): Promise<Turn> => {
  const real = { read: db.read.bind(db), atomically: db.atomically.bind(db) }
  const names: string[] = []
  let beganAt = 0
  let endedAt = 0
  const pass = (bounds: readonly (Bound<unknown> | null)[]) => {
    const passing = bounds.flatMap((bound) => bound?.statement.name ?? [])
    if (beganAt === 0 && passing.includes('chat by address')) beganAt = performance.now()
    if (beganAt > 0 && endedAt === 0) names.push(...passing.filter((name) => !BESIDES.includes(name)))
  }
  const read: Database['read'] = (query) => {
    pass([query])
    return real.read(query)
  }
  const atomically: Database['atomically'] = async (reads, decide) => {
    let writes: readonly Bound<unknown>[] = []
    pass(Object.values(reads))
    const result = await real.atomically(reads, (found, now) => {
      const decision = decide(found, now)
      writes = decision.writes
      return decision
    })
    pass(writes)
    if (endedAt === 0 && writes.some(({ statement }) => statement.name === 'update done')) endedAt = performance.now()
    return result
  }
  Object.assign(db, { read, atomically })
  try {
    await act()
  } finally {
    Object.assign(db, real)
  }
  return { statements: names, ms: endedAt - beganAt }
}
