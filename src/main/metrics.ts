import type { Registry } from 'prom-client'
import { createMetrics } from '../http/health.js'
import type { Foundation } from './foundation.js'

/** Node's own figures, and what waits or is unclear in the database at the moment of asking. */
export const openMetrics = async ({ db, ledger, journal }: Foundation): Promise<Registry> => {
  const { Gauge } = await import('prom-client')
  const registry = await createMetrics()
  const registers = [registry]
  const deliveries = new Gauge({
    name: 'stampcast_deliveries_open',
    help: 'Deliveries on their way, by state.',
    labelNames: ['state'],
    registers,
    collect: async () => {
      deliveries.reset()
      for (const { count } of await db.read(ledger.countPending({}))) deliveries.set({ state: 'pending' }, count)
      for (const { count } of await db.read(ledger.countSending({}))) deliveries.set({ state: 'sending' }, count)
    },
  })
  const events = new Gauge({
    name: 'stampcast_events_waiting',
    help: 'Events not applied yet, by state: pending, or dead and the like, which wait for a person.',
    labelNames: ['state'],
    registers,
    collect: async () => {
      events.reset()
      for (const { state, count } of await db.read(journal.countUnapplied({}))) events.set({ state }, count)
    },
  })
  return registry
}
