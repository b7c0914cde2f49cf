import pg from 'pg'
import { sleep } from '../clock.js'
import type { Log } from '../log.js'
import { HintOutbox } from './hint-outbox.js'
import { LocalSignals } from './in-process-signals.js'
import type { Signals } from './signals.js'
import { within } from './within.js'

const CHANNEL = 'stampcast_signals'
/** PostgreSQL refuses a payload of 8000 bytes. */
const MAX_PAYLOAD_BYTES = 7_900
const CONNECT_TIMEOUT_MS = 2_000
const QUERY_TIMEOUT_MS = 1_500
const RECONNECT_MS = 500
/** A connection that died in silence is noticed by this question. */
const PROBE_MS = 5_000
const CLOSE_GRACE_MS = 1_000

/**
 * Signals between all processes on one PostgreSQL, by LISTEN and NOTIFY on a connection of their own, which comes back by
 * itself. While PostgreSQL is away they stay in the process.
 */
export const createPostgresSignals = (needs: { readonly url: string; readonly log: Log }): Signals => {
  const local = new LocalSignals(needs.log)
  const stopping = new AbortController()
  let connected: pg.Client | null = null
  const outbox = new HintOutbox(MAX_PAYLOAD_BYTES, async (message) => {
    await connected?.query('select pg_notify($1, $2)', [CHANNEL, message])
  })
  const onMessage = (message: string): void => {
    for (const [topic, id] of outbox.read(message)) local.publish(topic, id)
  }
  const keepListening = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const client = newClient(needs.url)
      try {
        await listen(client, onMessage)
        connected = client
        await untilLost(client, stopping.signal)
      } catch {
        // The queue on the same server reports an outage; here it costs only time.
      } finally {
        connected = null
        void client.end().catch(() => undefined)
      }
      await sleep(RECONNECT_MS, stopping.signal)
    }
  }
  const listening = keepListening()
  return {
    publish: (topic, id) => {
      local.publish(topic, id)
      outbox.add(topic, id)
    },
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    close: async () => {
      await local.close()
      stopping.abort()
      await within(CLOSE_GRACE_MS, listening)
    },
  }
}

const newClient = (url: string): pg.Client => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'stampcast signals',
  })
  return client.on('error', () => undefined)
}

const listen = async (client: pg.Client, onMessage: (message: string) => void): Promise<void> => {
  client.on('notification', ({ payload }) => onMessage(payload ?? ''))
  await client.connect()
  await client.query(`listen ${CHANNEL}`)
}

/** Resolves when the connection is to end; rejects when it does not answer. */
const untilLost = async (client: pg.Client, stopping: AbortSignal): Promise<void> => {
  const lost = new AbortController()
  client.on('end', () => lost.abort())
  client.on('error', () => lost.abort())
  const over = AbortSignal.any([stopping, lost.signal])
  while (!over.aborted) {
    await sleep(PROBE_MS, over)
    if (!over.aborted) await client.query('select 1')
  }
}
