import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Holding, LaneKeeper } from '../../src/deliveries/lane-keeper.js'
import { createLaneStore } from '../../src/deliveries/lane-store.js'
import { createLedger } from '../../src/deliveries/ledger.js'
import { createResendStore } from '../../src/deliveries/resend-store.js'
import { createLog } from '../../src/log.js'
import { createInProcessSignals } from '../../src/queue/in-process-signals.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'

const LANES = ['lane:a', 'lane:b']
const SOON = { timeout: 12_000, interval: 20 }

describe('keeping lanes', () => {
  let file: TestDatabase
  let stops: (() => Promise<void>)[] = []
  beforeEach(async () => {
    file = await openTestSqlite()
    stops = []
    const lanes = createLaneStore(file.db)
    const free = { businessId: 'b_1', messenger: 'test', leaseUntil: 0, fence: 0, pausedUntil: 0 }
    await file.db.write(...LANES.map((id) => lanes.add({ ...free, id })))
  })
  afterEach(async () => {
    for (const stop of stops) await stop()
    await file.close()
  })

  const openKeeper = async (owner: string, stopTenant: (laneId: string) => Promise<void> = async () => undefined) => {
    const { db } = file
    const lanes = createLaneStore(db)
    const log = createLog('silent')
    const holdings: Holding[] = []
    const signals = createInProcessSignals({ log })
    const keeper = new LaneKeeper({
      db,
      lanes,
      ledger: createLedger(db),
      resends: createResendStore(db),
      signals,
      log,
      owner,
      isIdempotent: (laneId) => (LANES.includes(laneId) ? false : null),
      furnish: (holding) => {
        holdings.push(holding)
        return { stop: () => stopTenant(holding.laneId) }
      },
    })
    await keeper.start()
    stops.push(() => keeper.stop())
    const rowOf = async (id: string) => (await db.read(lanes.all({}))).find((lane) => lane.id === id)
    return { db, lanes, keeper, holdings, signals, rowOf }
  }

  test('a lane of its own whose lease ran out while nobody looked is renewed, not taken anew', async () => {
    const { db, lanes, keeper, holdings, rowOf } = await openKeeper('elsewhere/1/a')
    await db.write(lanes.take({ id: 'lane:a', owner: 'elsewhere/1/a', fence: 1, leaseMs: -60_000 }))
    await vi.waitFor(async () => expect((await rowOf('lane:a'))?.leaseUntil).toBeGreaterThan(Date.now()), SOON)
    expect(await rowOf('lane:a')).toMatchObject({ fence: 1, owner: 'elsewhere/1/a' })
    expect(keeper.heldLanes).toEqual(LANES)
    expect(holdings).toHaveLength(2)
  })

  test('a lost lane whose last requests hang does not cost it the others', async () => {
    let letGo = (): void => undefined
    const hung = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const { db, lanes, keeper, holdings, rowOf } = await openKeeper('elsewhere/1/a', (laneId) =>
      laneId === 'lane:a' ? hung : Promise.resolve(),
    )
    await db.write(lanes.take({ id: 'lane:a', owner: 'elsewhere/2/b', fence: 2, leaseMs: 60_000 }))
    await vi.waitFor(() => expect(keeper.heldLanes).toEqual(['lane:b']), SOON)
    expect(holdings[0]?.lost.aborted).toBe(true)
    expect(holdings[0]?.isCurrent()).toBe(false)
    const before = (await rowOf('lane:b'))?.leaseUntil ?? 0
    await vi.waitFor(async () => expect((await rowOf('lane:b'))?.leaseUntil).toBeGreaterThan(before), SOON)
    letGo()
  })

  test('a suspicion that the lane has another owner is looked into at once', async () => {
    const { db, lanes, keeper, holdings } = await openKeeper('elsewhere/1/a')
    await db.write(lanes.take({ id: 'lane:a', owner: 'elsewhere/2/b', fence: 2, leaseMs: 60_000 }))
    holdings[0]?.suspect()
    await vi.waitFor(() => expect(keeper.holds('lane:a')).toBe(false), { timeout: 1_000, interval: 5 })
    holdings[1]?.suspect()
    expect(keeper.holds('lane:b')).toBe(true)
  })

  test('a hint for a lane that nobody has makes it taken sooner than the next look', async () => {
    const { db, lanes, keeper, signals } = await openKeeper('elsewhere/1/a')
    await db.write(lanes.take({ id: 'lane:a', owner: 'elsewhere/2/b', fence: 2, leaseMs: 60_000 }))
    await vi.waitFor(() => expect(keeper.holds('lane:a')).toBe(false), SOON)
    await db.write(lanes.release({ id: 'lane:a', fence: 2 }))
    signals.publish('lane', 'lane:a')
    await vi.waitFor(() => expect(keeper.holds('lane:a')).toBe(true), { timeout: 800, interval: 5 })
  })

  test('two processes share the lanes, and the one that stops hands its own over', async () => {
    const first = await openKeeper('elsewhere/1/a')
    const second = await openKeeper('elsewhere/2/b')
    expect([first.keeper.heldLanes, second.keeper.heldLanes]).toEqual([LANES, []])
    await first.keeper.stop()
    await vi.waitFor(() => expect(second.keeper.heldLanes).toEqual(LANES), SOON)
    expect(second.holdings.map(({ fence }) => fence)).toEqual([2, 2])
  })
})
