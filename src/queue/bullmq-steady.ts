import type { BackendFactory, IQueueBackend } from 'bullmq'
import { sleep } from '../clock.js'
import type { ServerWatch } from './server-watch.js'

/** How long a worker leaves a server in peace that refused something. */
const REFUSED_PAUSE_MS = 1_000

/**
 * BullMQ, steadier with a server that fails. Its worker asks for a job again at once when the server refuses to give one
 * (out of memory, too many connections): here it waits a moment. It forgets a job whose end the server refuses to take,
 * and the id would be held until the lock runs out: here it tells the end until the server has taken it.
 */
export const steadily =
  <B extends IQueueBackend, C>(createBackend: BackendFactory<B, C>, watch: ServerWatch): BackendFactory<B, C> =>
  (name, options, factoryOptions) => {
    const backend = createBackend(name, options, factoryOptions)
    const { moveToActive, moveToCompleted, moveToFailed, moveToDelayed } = backend
    const told = <A extends unknown[], T>(tell: (...args: A) => Promise<T>) => {
      return (...args: A): Promise<T> => untilTaken(watch, () => tell.apply(backend, args))
    }
    return Object.assign(backend, {
      moveToActive: (...args: Parameters<typeof moveToActive>) => calmly(moveToActive.apply(backend, args)),
      moveToCompleted: told(moveToCompleted),
      moveToFailed: told(moveToFailed),
      moveToDelayed: told(moveToDelayed),
    })
  }

const calmly = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    await sleep(REFUSED_PAUSE_MS)
    throw error
  }
}

const untilTaken = async <T>(watch: ServerWatch, tell: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await tell()
    } catch (error) {
      if (isVerdict(error) || watch.isClosed()) throw error
      watch.suspect(error)
      await sleep(REFUSED_PAUSE_MS)
    }
  }
}

/** BullMQ's scripts say with a number what is wrong for good: there is no such job, another worker has it. */
const isVerdict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'number'
