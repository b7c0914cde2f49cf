import { systemClock } from './clock.js'
import { type Config, loadConfig } from './config.js'
import { describeError } from './errors.js'
import { stalenessOf } from './main/alive-file.js'

/** Less than a container's own patience, so that the reason still gets out. */
const ANSWER_WITHIN_MS = 4_000

/**
 * What a container's health check runs beside the program, in the same environment: ends with code 0 while the program is
 * alive, else with 1 and the reason.
 */
const complaintAbout = async ({ run, http, aliveFile }: Config): Promise<string | null> => {
  if (run.role !== 'worker') return silenceOf(`http://${reachable(http.host)}:${http.port}/healthz`)
  return aliveFile === null
    ? 'ALIVE_FILE is not set, and a worker shows no other sign'
    : stalenessOf(aliveFile, systemClock())
}

/** Why `/healthz` does not count as answered; null if it does. */
const silenceOf = async (url: string): Promise<string | null> => {
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    return ok ? null : `${url} answers ${status}`
  } catch (error) {
    return `${url} does not answer: ${describeError(error)}`
  }
}

/** From where the program listens to where it can be asked. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

const complaint = await complaintAbout(loadConfig())
if (complaint !== null) {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 1
}
