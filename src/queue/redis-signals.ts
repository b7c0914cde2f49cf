import type { Log } from '../log.js'
import { HintOutbox } from './hint-outbox.js'
import { LocalSignals } from './in-process-signals.js'
import { openRedis } from './redis-client.js'
import type { Signals } from './signals.js'

const CHANNEL = '{stampcast}:signals'
const MAX_MESSAGE_BYTES = 64 * 1024

/** Signals between all processes on one Redis, by its publish and subscribe. While Redis is away they stay in the process. */
export const createRedisSignals = ({ url, log }: { readonly url: string; readonly log: Log }): Signals => {
  const local = new LocalSignals(log)
  const publisher = openRedis(url, 'asking')
  const subscriber = openRedis(url, 'patient')
  const outbox = new HintOutbox(MAX_MESSAGE_BYTES, (message) => publisher.publish(CHANNEL, message))
  // The queue on the same server reports an outage; here it costs only time.
  for (const client of [publisher, subscriber]) client.on('error', () => undefined)
  subscriber.on('message', (_channel: string, message: string) => {
    for (const [topic, id] of outbox.read(message)) local.publish(topic, id)
  })
  subscriber.subscribe(CHANNEL).catch(() => undefined)
  return {
    publish: (topic, id) => {
      local.publish(topic, id)
      outbox.add(topic, id)
    },
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    close: async () => {
      await local.close()
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}
