import { asc, eq } from 'drizzle-orm'
import type { LaneLimits, SendResult } from '../../bots/messenger.js'
import { systemClock } from '../../src/clock.js'
import { type Database, statement, type Values } from '../../src/db/database.js'
import { deliveryId, PRIORITY } from '../../src/deliveries/delivery.js'
import type { GateCheck } from '../../src/deliveries/gate.js'
import type { LaneDriver } from '../../src/deliveries/lane-driver.js'
import { LaneKeeper } from '../../src/deliveries/lane-keeper.js'
import { LanePump } from '../../src/deliveries/lane-pump.js'
import { createLaneStore } from '../../src/deliveries/lane-store.js'
import { createLedger, type PlannedDelivery } from '../../src/deliveries/ledger.js'
import { createResendStore } from '../../src/deliveries/resend-store.js'
import { createLog } from '../../src/log.js'
import { createInProcessSignals } from '../../src/queue/in-process-signals.js'

export const LANE = 'test:lane'

const FAST: LaneLimits = { allPerSec: 100_000, allBurst: 1_000, bulkPerSec: 100_000, perChatMs: 0, slots: 16 }

/** A provider that a test scripts: it answers each send as told and remembers what it was asked. */
export const scriptedProvider = (
  answer: (id: string, sends: number) => SendResult | Promise<SendResult> = () => ({ status: 'sent', messageId: 'm' }),
) => {
  const asked: { id: string; address: string; edits: string | null; at: number }[] = []
  let inFlight = 0
  const provider = {
    asked,
    mostInFlight: 0,
    timesAsked: (id: string) => asked.filter((each) => each.id === id).length,
    call: async (id: string, address: string, edits: string | null): Promise<SendResult> => {
      asked.push({ id, address, edits, at: performance.now() })
      inFlight++
      provider.mostInFlight = Math.max(provider.mostInFlight, inFlight)
      try {
        return await answer(id, provider.timesAsked(id))
      } finally {
        inFlight--
      }
    },
  }
  return provider
}

export type Provider = ReturnType<typeof scriptedProvider>

/** A dispatcher of one process on the given database, with a scripted provider behind the lane. */
export const openDispatcher = async (
  db: Database,
  provider: Provider,
  options: {
    readonly limits?: Partial<LaneLimits>
    readonly idempotent?: boolean
    readonly checks?: readonly GateCheck<readonly unknown[]>[]
    readonly owner?: string
    readonly driver?: Partial<LaneDriver>
  } = {},
) => {
  const ledger = createLedger(db)
  const lanes = createLaneStore(db)
  const resends = createResendStore(db)
  const { attempts } = ledger.tables
  const attemptsOf = statement('test attempts', (q, v: Values<{ deliveryId: string }>) =>
    q.select().from(attempts).where(eq(attempts.deliveryId, v.deliveryId)).orderBy(asc(attempts.attempt)),
  )
  const signals = createInProcessSignals({ log: createLog('silent') })
  const driver: LaneDriver = {
    limits: { ...FAST, ...options.limits },
    idempotent: options.idempotent ?? false,
    givesReceipts: false,
    checks: options.checks ?? [],
    prepare: async (batch) =>
      new Map(batch.map(({ id, chatId }) => [id, { address: chatId, message: { id, text: 'hello' }, warmUp: null }])),
    send: (address, message) => provider.call(message.id, address, null),
    edit: (address, messageId, message) => provider.call(message.id, address, messageId),
    unreachable: () => [],
    ...options.driver,
  }
  await db.write(lanes.add({ id: LANE, businessId: 'b_1', messenger: 'test', leaseUntil: 0, fence: 0, pausedUntil: 0 }))
  const log = createLog('silent')
  let pump: LanePump | undefined
  const keeper = new LaneKeeper({
    db,
    lanes,
    ledger,
    resends,
    signals,
    log,
    owner: options.owner ?? 'elsewhere/1/test',
    isIdempotent: (laneId) => (laneId === LANE ? driver.idempotent : null),
    furnish: (holding) => {
      pump = new LanePump({ db, ledger, lanes, resends, signals, clock: systemClock, log, holding, driver }).start()
      return pump
    },
  })
  await keeper.start()
  return {
    ledger,
    lanes,
    resends,
    signals,
    keeper,
    /** Answers what people wrote in these chats, one answer each. */
    answer: async (chatIds: readonly string[]) => {
      const [lane] = await db.read(lanes.all({}))
      await Promise.all(
        chatIds.map((chatId) =>
          pump?.answer(async () => {
            const answer = answerTo(chatId)
            await db.write(...ledger.planAnswer(answer, lane?.fence ?? 0, Date.now()))
            return [{ ...answer, channel: 'messengers', attempts: 1, editsId: null, voucherId: null, carries: null }]
          }),
        ),
      )
    },
    counts: async () =>
      Object.fromEntries((await db.read(ledger.countByState({}))).map(({ state, count }) => [state, count])),
    plan: async (deliveries: readonly PlannedDelivery[]) => {
      await db.write(...deliveries.flatMap((delivery) => ledger.plan(delivery, Date.now())))
      signals.publish('lane', LANE)
    },
    attemptsOf: (deliveryId: string) => db.read(attemptsOf({ deliveryId })),
    stateOf: async (id: string) => (await db.read(ledger.byId({ id })))[0],
    stop: () => keeper.stop(),
  }
}

export const answerTo = (chatId: string): PlannedDelivery => ({
  ...planned(`update of ${chatId}`, { recipientId: chatId }),
  purpose: 'answer',
  recipientKind: 'chat',
  chatId,
  priority: PRIORITY.answer,
})

/** An event message to one customer. */
export const planned = (source: string, change: Partial<PlannedDelivery> = {}): PlannedDelivery => ({
  id: deliveryId('event', source, change.recipientId ?? `c_${source}`, 'messengers'),
  businessId: 'b_1',
  purpose: 'event',
  source,
  recipientKind: 'customer',
  recipientId: `c_${source}`,
  class: 'service',
  lane: LANE,
  chatId: change.recipientId ?? `chat_${source}`,
  priority: PRIORITY.event,
  dueAt: 0,
  position: 1,
  customerId: `c_${source}`,
  content: { phrases: [{ key: 'card.none' }] },
  ...change,
})
