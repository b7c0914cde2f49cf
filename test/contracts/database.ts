import { inspect } from 'node:util'
import { asc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chatTables } from '../../bots/chats/chat-tables.js'
import { type Database, demand, insertion, statement, type Values } from '../../src/db/database.js'
import { createLeases } from '../../src/db/leases.js'
import { deliveryTables } from '../../src/deliveries/delivery-tables.js'
import { AppError } from '../../src/errors.js'
import { eventTables } from '../../src/events/event-tables.js'

/** What every database adapter promises (src/db/database.ts). */
export const databaseContract = (name: string, open: () => Promise<{ db: Database; close(): Promise<void> }>) => {
  describe(`database: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let db: Database
    let queries: ReturnType<typeof queriesOf>
    beforeAll(async () => {
      opened = await open()
      db = opened.db
      queries = queriesOf(db)
    })
    afterAll(() => opened.close())

    test('what is written is read back: big times, JSON, bytes, booleans, null', async () => {
      const seenAt = 4_102_444_800_123
      await db.write(
        queries.addChat({ ...chat('chat_1'), lastSeenAt: seenAt, dialogue: { said: ['Кава ☕ 커피', null, 1.5] } }),
        queries.addChat({ ...chat('chat_group'), isPrivate: false }),
        queries.addEvent({ ...event('evt_1'), body: Buffer.from([0, 255, 10]) }),
      )
      const [found] = await db.read(queries.chatById({ id: 'chat_1' }))
      expect(found).toMatchObject({
        lastSeenAt: seenAt,
        dialogue: { said: ['Кава ☕ 커피', null, 1.5] },
        isPrivate: true,
        customerId: null,
      })
      expect((await db.read(queries.chatById({ id: 'chat_group' })))[0]?.isPrivate).toBe(false)
      const [stored] = await db.read(queries.eventById({ id: 'evt_1' }))
      expect(Buffer.from(stored?.body ?? [])).toEqual(Buffer.from([0, 255, 10]))
    })

    test('a serial key is given by the database, and grows', async () => {
      await db.write(queries.addEvent(event('evt_2')), queries.addEvent(event('evt_3')))
      const [first] = await db.read(queries.eventById({ id: 'evt_2' }))
      const [second] = await db.read(queries.eventById({ id: 'evt_3' }))
      expect(first?.seq).toEqual(expect.any(Number))
      expect(second?.seq).toBeGreaterThan(first?.seq ?? Number.POSITIVE_INFINITY)
    })

    test('numbers computed by the database are numbers', async () => {
      const [row] = await db.read(queries.countChats({}))
      expect(row?.count).toEqual(expect.any(Number))
      expect(row?.now).toBeGreaterThan(1_700_000_000_000)
    })

    test('a decision sees its reads and its writes are one: all or nothing', async () => {
      await db.write(queries.addChat({ ...chat('chat_2'), guesses: 1 }))
      const failing = db.atomically({ chat: queries.chatById({ id: 'chat_2' }) }, ({ chat: [found] }) => {
        expect(found?.guesses).toBe(1)
        const writes = [queries.setGuesses({ id: 'chat_2', guesses: 9 }), queries.addChat(chat('chat_2'))]
        return { writes, result: null }
      })
      await expect(failing).rejects.toThrow()
      expect((await db.read(queries.chatById({ id: 'chat_2' })))[0]?.guesses).toBe(1)
    })

    test('a decision that throws harms no neighbour of the same moment', async () => {
      const results = await Promise.allSettled(
        [1, 2, 3].map((n) =>
          db.atomically({}, () => {
            if (n === 2) throw new AppError('invalid_input', 'the second is refused')
            return { writes: [queries.addChat(chat(`chat_neighbour_${n}`))], result: n }
          }),
        ),
      )
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await db.read(queries.chatById({ id: 'chat_neighbour_3' }))).toHaveLength(1)
      expect(await db.read(queries.chatById({ id: 'chat_neighbour_2' }))).toHaveLength(0)
    })

    test('64 decisions at once on one row lose no increment', async () => {
      await db.write(queries.addChat({ ...chat('chat_hot'), guesses: 0 }))
      await Promise.all(
        Array.from({ length: 64 }, () =>
          db.atomically({ chat: queries.lockedChat({ id: 'chat_hot' }) }, ({ chat: [found] }) => ({
            writes: [queries.setGuesses({ id: 'chat_hot', guesses: (found?.guesses ?? 0) + 1 })],
            result: null,
          })),
        ),
      )
      expect((await db.read(queries.chatById({ id: 'chat_hot' })))[0]?.guesses).toBe(64)
    })

    test('a demanded row count that is not met writes nothing and says conflict', async () => {
      const write = db.write(
        queries.addChat(chat('chat_demand')),
        demand(1, queries.setGuesses({ id: 'chat_absent', guesses: 1 })),
      )
      await expect(write).rejects.toMatchObject({ code: 'conflict' })
      expect(await db.read(queries.chatById({ id: 'chat_demand' }))).toHaveLength(0)
    })

    test('many rows of a table come in as one row does, in their order', async () => {
      const body = (n: number) => Buffer.from([n, 0, 255, 92, 34])
      const text = 'Кава "\\ \n☕'
      await db.write(
        ...[1, 2, 3].map((n) => queries.addEvent({ ...event(`evt_many_${n}`), body: body(n) })),
        queries.addChat({ ...chat('chat_many_1'), isPrivate: false, dialogue: { said: [text, null] } }),
        queries.addChat({ ...chat('chat_many_2'), lastSeenAt: 4_102_444_800_123 }),
      )
      const events = await Promise.all(
        [1, 2, 3].map(async (n) => (await db.read(queries.eventById({ id: `evt_many_${n}` })))[0]),
      )
      expect(events.map((row) => Buffer.from(row?.body ?? []))).toEqual([body(1), body(2), body(3)])
      expect(events.map((row) => row?.seq)).toEqual(events.map((row) => row?.seq).sort((a = 0, b = 0) => a - b))
      const [first] = await db.read(queries.chatById({ id: 'chat_many_1' }))
      expect(first).toMatchObject({ isPrivate: false, customerId: null, dialogue: { said: [text, null] } })
      const [second] = await db.read(queries.chatById({ id: 'chat_many_2' }))
      expect(second).toMatchObject({ isPrivate: true, lastSeenAt: 4_102_444_800_123 })
    })

    test('of many demanded rows none is written when one is there already', async () => {
      await db.write(queries.addLane(lane('many_2')))
      const rows = ['many_1', 'many_2', 'many_3'].map((id) => queries.addLane(lane(id)))
      await expect(db.write(...rows.map((row) => demand(1, row)))).rejects.toMatchObject({ code: 'conflict' })
      const idsNow = async () => (await db.read(queries.lanesOf({ businessId: 'b_1' }))).map(({ id }) => id)
      expect(await idsNow()).not.toContain('many_1')
      await db.write(...rows)
      expect(await idsNow()).toEqual(expect.arrayContaining(['many_1', 'many_2', 'many_3']))
      await db.write(...['many_1', 'many_2', 'many_3'].map((id) => queries.dropLane({ id })))
    })

    test('an existing key is passed over where asked, and only that', async () => {
      await db.write(queries.addLane(lane('twice')), queries.addLane(lane('twice')))
      const withoutBusiness: object = { ...lane('broken'), businessId: null }
      await expect(db.write(queries.addLane(withoutBusiness as ReturnType<typeof lane>))).rejects.toThrow()
      expect(await db.read(queries.lanesOf({ businessId: 'b_1' }))).toEqual([{ id: 'twice' }])
    })

    test('an error does not repeat what it was about', async () => {
      const nameless: object = { ...lane('broken'), id: null, owner: '+380501112233' }
      const error: unknown = await db.write(queries.addLane(nameless as ReturnType<typeof lane>)).catch((e) => e)
      expect(error).toBeInstanceOf(Error)
      expect(inspect(error, { depth: 5, showHidden: true })).not.toContain('+380501112233')
    })

    test('a batch of ids is one statement, whatever its size', async () => {
      const ids = Array.from({ length: 12_000 }, (_, n) => `chat_absent_${n}`)
      ids.push('chat_1', 'chat_2')
      const found = await db.read(queries.chatsByIds({ ids: JSON.stringify(ids) }))
      expect(found.map((row) => row.id).sort()).toEqual(['chat_1', 'chat_2'])
      expect(await db.read(queries.chatsByIds({ ids: '[]' }))).toEqual([])
    })

    test('many rows are changed by one statement, each as its line says, and a demand counts them all', async () => {
      await db.write(...['l_1', 'l_2', 'l_3'].map((id) => queries.addLane({ ...lane(id), businessId: 'b_listed' })))
      const lines = [
        ['l_2', '"it’s"', 1_900_000_000_000],
        ['l_1', null, -5],
        ['l_absent', 'x', 1],
      ]
      await db.write(queries.ownLanes({ lines: JSON.stringify(lines) }))
      await db.write(queries.ownLanes({ lines: '[]' }))
      const owned = await db.read(queries.ownersOf({ businessId: 'b_listed' }))
      expect(owned).toEqual([
        { id: 'l_1', owner: null, leaseUntil: -5 },
        { id: 'l_2', owner: '"it’s"', leaseUntil: 1_900_000_000_000 },
        { id: 'l_3', owner: null, leaseUntil: 0 },
      ])
      const all = demand(3, queries.ownLanes({ lines: JSON.stringify(lines.map(([id]) => [id, 'o', 7])) }))
      await expect(db.write(all)).rejects.toMatchObject({ code: 'conflict' })
      expect(await db.read(queries.ownersOf({ businessId: 'b_listed' }))).toEqual(owned)
    })

    test('text keys sort by bytes, whatever the locale', async () => {
      await db.write(...['a', 'B', 'Z', 'á'].map((id) => queries.addLane({ ...lane(id), businessId: 'b_sort' })))
      const sorted = await db.read(queries.lanesOf({ businessId: 'b_sort' }))
      expect(sorted.map((row) => row.id)).toEqual(['B', 'Z', 'a', 'á'])
    })

    test('an absent read gives no rows', async () => {
      const result = await db.atomically({ chat: null }, ({ chat: rows }) => ({ writes: [], result: rows }))
      expect(result).toEqual([])
    })

    test('one owner holds a lease, until it has run out', async () => {
      const hold = createLeases(db)
      expect(await hold('test', 'first', 40)).toBe(true)
      expect(await hold('test', 'second', 40)).toBe(false)
      expect(await hold('test', 'first', 40)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect(await hold('test', 'second', 40)).toBe(true)
    })

    test('it is ready', async () => {
      await expect(db.check()).resolves.toBeUndefined()
    })
  })
}

const chat = (id: string) => ({
  id,
  businessId: 'b_1',
  lane: 'lane',
  messenger: 'web' as const,
  address: id,
  isPrivate: true,
  role: 'guest' as const,
  dialogue: null,
  guesses: 0,
  guessesSince: 0,
  lastSeenAt: 1,
  createdAt: 1,
})

const event = (id: string) => ({
  id,
  businessId: 'b_1',
  rootId: 'b_1',
  name: 'card_opened',
  origin: '7stamp' as const,
  occurredAt: 1,
  receivedAt: 1,
  state: 'applied' as const,
  shard: 0,
  attempts: 0,
  dueAt: 0,
  hasWeakKey: true,
})

const lane = (id: string) => ({ id, businessId: 'b_1', messenger: 'web', leaseUntil: 0, fence: 0, pausedUntil: 0 })

const queriesOf = (db: Database) => {
  const { chats } = db.tables(chatTables)
  const { lanes } = db.tables(deliveryTables)
  const { events } = db.tables(eventTables)
  return {
    addChat: insertion('test add chat', chats),
    addLane: insertion('test add lane', lanes, { ignoreExisting: true }),
    dropLane: statement('test drop lane', (q, v: Values<{ id: string }>) => q.delete(lanes).where(eq(lanes.id, v.id))),
    addEvent: insertion('test add event', events),
    chatById: statement('test chat by id', (q, v: Values<{ id: string }>) =>
      q.select().from(chats).where(eq(chats.id, v.id)),
    ),
    lockedChat: statement(
      'test locked chat',
      (q, v: Values<{ id: string }>) => q.select().from(chats).where(eq(chats.id, v.id)),
      { mode: 'update' },
    ),
    eventById: statement('test event', (q, v: Values<{ id: string }>) =>
      q.select({ seq: events.seq, body: events.body }).from(events).where(eq(events.id, v.id)),
    ),
    lanesOf: statement('test lanes', (q, v: Values<{ businessId: string }>) =>
      q.select({ id: lanes.id }).from(lanes).where(eq(lanes.businessId, v.businessId)).orderBy(asc(lanes.id)),
    ),
    ownLanes: statement('test own lanes', (q, v: Values<{ lines: string }>) => {
      const { table, columns } = db.kit.listed(v.lines, { id: 'text', owner: 'text', until: 'int' })
      return q
        .update(lanes)
        .set({ owner: columns.owner, leaseUntil: columns.until })
        .from(table)
        .where(eq(lanes.id, columns.id))
    }),
    ownersOf: statement('test owners', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ id: lanes.id, owner: lanes.owner, leaseUntil: lanes.leaseUntil })
        .from(lanes)
        .where(eq(lanes.businessId, v.businessId))
        .orderBy(asc(lanes.id)),
    ),
    countChats: statement('test count', (q) =>
      q.select({ count: sql<number>`count(*)`.mapWith(Number), now: db.kit.now }).from(chats),
    ),
    chatsByIds: statement('test chats by ids', (q, v: Values<{ ids: string }>) =>
      q.select({ id: chats.id }).from(chats).where(db.kit.oneOf(chats.id, v.ids)),
    ),
    setGuesses: statement('test set guesses', (q, v: Values<{ id: string; guesses: number }>) =>
      q.update(chats).set({ guesses: v.guesses }).where(eq(chats.id, v.id)),
    ),
  }
}
