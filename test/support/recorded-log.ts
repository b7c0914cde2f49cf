import { createLog, type Log } from '../../src/log.js'

/** A log whose lines a test can read. */
export const recordLog = (): { readonly log: Log; events(name: string): Record<string, unknown>[] } => {
  const lines: Record<string, unknown>[] = []
  const log = createLog('debug', { write: (line) => void lines.push(JSON.parse(line)) })
  return { log, events: (name) => lines.filter((line) => line.msg === name) }
}
