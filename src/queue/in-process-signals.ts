import { describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Signals, SignalTopic } from './signals.js'

type Listener = (id: string) => void

/**
 * The listeners of this process. Also the half of the other adapters that needs no network: what a process publishes
 * reaches its own listeners at once, and never a second time by way of the server.
 */
export class LocalSignals implements Signals {
  readonly #listeners = new Map<SignalTopic, Set<Listener>>()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  publish(topic: SignalTopic, id: string): void {
    for (const listener of this.#listeners.get(topic) ?? []) {
      try {
        listener(id)
      } catch (error) {
        this.#log.error({ topic, id, error: describeError(error) }, 'signals.listener_failed')
      }
    }
  }

  subscribe(topic: SignalTopic, listener: Listener): () => void {
    // A listener of its own per subscription: the same function may be subscribed twice.
    const own: Listener = (id) => listener(id)
    const known = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, known.add(own))
    return () => {
      known.delete(own)
    }
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }
}

/** Signals of a program that runs alone. */
export const createInProcessSignals = (needs: { readonly log: Log }): Signals => new LocalSignals(needs.log)
