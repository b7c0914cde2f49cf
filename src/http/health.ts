import type { RequestHandler } from 'express'
import type { Registry } from 'prom-client'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Mount } from './server.js'

const CHECK_BUDGET_MS = 1_000

/** Resolves while the part can do its work; rejects when it cannot. An AppError's message is shown to whoever asks. */
export type ReadyCheck = () => Promise<unknown>

/** A registry with Node's own figures: memory, CPU, garbage collection, event-loop lag, from now on. */
export const createMetrics = async (): Promise<Registry> => {
  // 6 MB that a process nobody watches does not pay.
  const { collectDefaultMetrics, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/**
 * `/healthz`: this process answers. `/readyz`: each named part works, checked side by side within 1 s, else 503 and which
 * one does not. `/metrics`: Prometheus.
 */
export const healthRoutes =
  (options: {
    readonly checks: Readonly<Record<string, ReadyCheck>>
    /** Called when `/metrics` is asked for the first time. */
    readonly openMetrics: () => Promise<Registry>
    readonly log: Log
  }): Mount =>
  (app) => {
    app.get('/healthz', noStore, (_req, res) => {
      res.json({ status: 'alive' })
    })
    const readiness = shared(() => checkAll(options.checks, options.log))
    app.get('/readyz', noStore, async (_req, res) => {
      const answer = await readiness()
      res.status(answer.status === 'ready' ? 200 : 503).json(answer)
    })
    let opening: Promise<Registry> | undefined
    app.get('/metrics', noStore, async (_req, res) => {
      opening ??= options.openMetrics()
      const registry = await opening
      res.type(registry.contentType).send(await registry.metrics())
    })
  }

interface Readiness {
  readonly status: 'ready' | 'not_ready'
  /** `ok`, or why not, by name. */
  readonly checks: Readonly<Record<string, string>>
}

const checkAll = async (checks: Readonly<Record<string, ReadyCheck>>, log: Log): Promise<Readiness> => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcomeOf(name, check, log)] as const),
  )
  const isReady = results.every(([, outcome]) => outcome === 'ok')
  return { status: isReady ? 'ready' : 'not_ready', checks: Object.fromEntries(results) }
}

const outcomeOf = async (name: string, check: ReadyCheck, log: Log): Promise<string> => {
  try {
    await withinBudget(check)
    return 'ok'
  } catch (error) {
    log.warn({ check: name, error: describeError(error) }, 'health.not_ready')
    return error instanceof AppError ? error.message : 'failed'
  }
}

const withinBudget = async (check: ReadyCheck): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', 'no answer within 1 s')), CHECK_BUDGET_MS)
  })
  try {
    await Promise.race([check(), tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** Whoever asks while the answer is being found gets the same one: a storm of probes is one query. */
const shared = <T>(find: () => Promise<T>): (() => Promise<T>) => {
  let finding: Promise<T> | undefined
  return () => {
    finding ??= find().finally(() => {
      finding = undefined
    })
    return finding
  }
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
