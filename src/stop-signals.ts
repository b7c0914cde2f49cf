import type { Clock } from './clock.js'

/** npm passes on the Ctrl-C that the terminal has sent already: two signals this close are one wish. */
const ONE_WISH_MS = 1_000

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** The part of `process` that this needs. */
interface SignalSource {
  on(signal: keyof typeof EXIT_CODES, listener: () => void): unknown
  exit(code: number): void
}

/**
 * Calls `stop` on the first SIGINT or SIGTERM. Whoever asks again later does not want to wait: the process ends at once
 * with the exit code that shells give to that signal.
 */
export const onStopSignal = (source: SignalSource, clock: Clock, stop: () => void): void => {
  let askedAt: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    source.on(signal, () => {
      if (askedAt === null) {
        askedAt = clock()
        stop()
      } else if (clock() - askedAt > ONE_WISH_MS) source.exit(EXIT_CODES[signal])
    })
}
