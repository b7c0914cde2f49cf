import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createLog } from '../../src/log.js'
import { createPostgresSignals } from '../../src/queue/postgres-signals.js'
import { listenConnected, sharedSignalsContract, signalsContract } from '../contracts/signals.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

describeWith('signals on PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 30_000)
  afterAll(() => server?.close())

  const open = async () => createPostgresSignals({ url: server.url, log: createLog('silent') })
  signalsContract(open)
  sharedSignalsContract(open)

  describe('when the server is away', { timeout: 30_000 }, () => {
    test('the own process still hears at once, and the others again when it is back', async () => {
      const [one, other] = [await open(), await open()]
      onTestFinished(async () => {
        await Promise.all([one.close(), other.close()])
      })
      await listenConnected(one, other)
      await server.stop()
      const heard: string[] = []
      one.subscribe('lane', (id) => heard.push(id))
      for (let hints = 0; hints < 20_000; hints++) one.publish('lane', `lane_${hints}`)
      expect(heard).toHaveLength(20_000)
      await server.restart()
      const heardAgain = await listenConnected(one, other)
      one.publish('web_chat', 'chat_1')
      await vi.waitFor(() => expect(heardAgain).toEqual(['chat_1']), { timeout: 10_000 })
    })

    test('they can be opened and closed', async () => {
      await server.stop()
      const signals = await open()
      signals.publish('lane', 'a')
      await signals.close()
      await server.restart()
    })
  })
})
