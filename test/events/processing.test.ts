import SqliteFile from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqlite } from '../../src/db/sqlite.js'
import { eventProcessingContract } from '../contracts/event-processing.js'
import { openTestSqlite } from '../support/sqlite.js'
import { frame, frameBytes } from './frames.js'
import { openPipeline } from './pipeline.js'

eventProcessingContract('SQLite', async (clock) => {
  const { db, path, close } = await openTestSqlite(clock)
  return { db, another: async () => openSqlite(path, clock), close }
})

test('a database that is away is not the fault of the event: it costs no try, and is due when it is back', async () => {
  const { db, path, close } = await openTestSqlite()
  const pipeline = openPipeline(db)
  await pipeline.addFirstBusiness()
  const { id } = await pipeline.receive(frameBytes('stamp_added'))
  const [shard] = await pipeline.processing.pendingWork()
  const another = new SqliteFile(path)
  another.exec('begin immediate')
  await expect(pipeline.processing.run(shard ?? '')).rejects.toMatchObject({ code: 'unavailable' })
  another.close()
  expect((await db.read(pipeline.journal.byId({ id })))[0]).toMatchObject({ state: 'pending', attempts: 0 })
  await pipeline.settle()
  expect((await db.read(pipeline.journal.byId({ id })))[0]).toMatchObject({ state: 'applied' })
  await pipeline.close()
  await close()
})

test('a worker applies what comes in while it works, and ends in order', async () => {
  const { db, close } = await openTestSqlite()
  const pipeline = openPipeline(db)
  await pipeline.addFirstBusiness()
  const worker = await pipeline.processing.start()
  for (let n = 0; n < 50; n++)
    await pipeline.receive({ ...frame('goal_reached'), customer: { id: `c_${n % 7}` }, note: n })
  await expect.poll(() => pipeline.told()).toHaveLength(50)
  await worker.close()
  await pipeline.receive({ ...frame('goal_reached') })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await pipeline.processing.pendingWork()).toHaveLength(1)
  await pipeline.close()
  await close()
})
