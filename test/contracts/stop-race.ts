import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createChatGate } from '../../bots/chats/chat-gate.js'
import { createChatStore } from '../../bots/chats/chat-store.js'
import type { Database } from '../../src/db/database.js'
import { PRIORITY } from '../../src/deliveries/delivery.js'
import { createConsentStore } from '../../src/notify/consent-store.js'
import { LANE, openDispatcher, planned, scriptedProvider } from '../support/dispatcher.js'

const OTHER_LANE = 'web:other'
const CUSTOMERS = 8
const DELIVERIES_EACH = 4

/** When each customer says STOP, where, and when their messages are planned; in ms. */
const schedules = fc.array(
  fc.record({
    stopMs: fc.integer({ min: 0, max: 100 }),
    inOtherChat: fc.boolean(),
    planMs: fc.array(fc.integer({ min: 0, max: 80 }), { minLength: DELIVERIES_EACH, maxLength: DELIVERIES_EACH }),
  }),
  { minLength: CUSTOMERS, maxLength: CUSTOMERS },
)

export interface StopRaceDatabase {
  readonly db: Database
  /** Ids of deliveries that entered `sending` after the STOP of their customer was committed. */
  enteredAfterStop(stops: ReadonlyMap<string, Promise<readonly string[]>>): Promise<readonly string[]>
  close(): Promise<void>
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * The promise of the gate: whatever the timing, no delivery enters `sending` after the commit of its customer's STOP. A
 * customer with two chats says it in either of them.
 */
export const stopRaceContract = (name: string, open: () => Promise<StopRaceDatabase>, runs: number) => {
  describe(`STOP on ${name}`, () => {
    test('lets nothing pass the gate after its commit', { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(schedules, async (customers) => {
          const database = await open()
          try {
            const { passed, entered } = await race(database, customers)
            expect(entered).toEqual([])
            passedInAll += passed
          } finally {
            await database.close()
          }
        }),
        { numRuns: runs, endOnFailure: true },
      )
      // Or nothing was raced against.
      expect(passedInAll).toBeGreaterThan(0)
      expect(passedInAll).toBeLessThan(runs * CUSTOMERS * DELIVERIES_EACH)
    })
    let passedInAll = 0
  })
}

type Schedule = typeof schedules extends fc.Arbitrary<infer Each> ? Each : never

const WARM_UP = planned('warm-up', { recipientKind: 'chat', recipientId: 'anybody', chatId: `${LANE}/0` })

const race = async ({ db, enteredAfterStop }: StopRaceDatabase, customers: Schedule) => {
  const chats = createChatStore(db)
  const consents = createConsentStore(db)
  const chatOf = (customer: number, lane: string) => `${lane}/${customer}`
  for (const [customer] of customers.entries())
    for (const lane of [LANE, OTHER_LANE])
      await db.write(
        chats.addChat({
          ...{ id: chatOf(customer, lane), address: chatOf(customer, lane), customerId: `c_${customer}`, lane },
          ...{ businessId: 'b_1', messenger: 'telegram', isPrivate: true, role: 'customer', dialogue: null },
          ...{ guesses: 0, guessesSince: 0, lastSeenAt: 1, createdAt: 1 },
        }),
      )
  let letGo = (): void => undefined
  const forEver = new Promise<void>((resolve) => {
    letGo = resolve
  })
  // Nothing is answered, so that whatever passes the gate stays `sending`.
  const provider = scriptedProvider(async (id) => {
    if (id !== WARM_UP.id) await forEver
    return { status: 'sent', messageId: 'm' }
  })
  const dispatcher = await openDispatcher(db, provider, {
    limits: { slots: 1_000 },
    checks: [createChatGate(db), consents.gateCheck],
  })
  // The first of everything takes longer.
  await dispatcher.plan([WARM_UP])
  await vi.waitFor(() => expect(provider.asked).toHaveLength(1), { timeout: 5_000, interval: 2 })
  const sendingOf = async (customerId: string): Promise<readonly string[]> => {
    const rows = await db.read(dispatcher.ledger.inFlight({ lane: LANE }))
    const own = new Set(rows.map(({ id }) => id))
    return deliveriesOf(customerId).flatMap(({ id }) => (own.has(id) ? id : []))
  }
  const stop = async (customer: number, inOtherChat: boolean): Promise<readonly string[]> => {
    const lane = inOtherChat ? OTHER_LANE : LANE
    // As the conversation does it: the chat that said it is locked, and the consent written with it.
    await db.atomically({ chat: chats.byAddress({ lane, address: chatOf(customer, lane) }) }, ({ chat }, now) => ({
      writes: [
        ...chat.map((row) => chats.saveTurn({ ...row, lastSeenAt: now })),
        ...consents.change(
          { customerId: `c_${customer}`, channel: 'messengers', class: 'service', state: 'refused', source: 'stop' },
          now,
        ),
      ],
      result: null,
    }))
    return sendingOf(`c_${customer}`)
  }
  const stops = new Map(
    customers.map(({ stopMs, inOtherChat }, customer) => [
      `c_${customer}`,
      after(stopMs).then(() => stop(customer, inOtherChat)),
    ]),
  )
  await Promise.all(
    customers.flatMap(({ planMs }, customer) =>
      deliveriesOf(`c_${customer}`).map(async (delivery, n) => {
        await after(planMs[n] ?? 0)
        await dispatcher.plan([{ ...delivery, chatId: chatOf(customer, LANE) }])
      }),
    ),
  )
  await Promise.all(stops.values())
  await vi.waitFor(async () => {
    expect(await dispatcher.counts()).not.toHaveProperty('pending')
  })
  const entered = await enteredAfterStop(stops)
  const { sending = 0 } = await dispatcher.counts()
  letGo()
  await dispatcher.stop()
  return { passed: sending, entered }
}

const deliveriesOf = (customerId: string) =>
  Array.from({ length: DELIVERIES_EACH }, (_, n) =>
    planned(`${customerId}/${n}`, { recipientId: customerId, priority: PRIORITY.broadcast }),
  )
