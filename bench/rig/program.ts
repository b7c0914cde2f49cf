import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { monotonicMs, waitFor } from './clock.js'
import { type Usage, usageOf } from './usage.js'

/** The built program, running in a process of its own. */
export interface Program {
  /** 0 for a role that does not listen. */
  readonly port: number
  readonly startedInMs: number
  usage(): Usage
  /** What it logged, as objects. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  /** Ends it in order. */
  stop(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
/** As `npm start` and the image have them. */
const NODE_OPTIONS = ['--max-semi-space-size=8']
const LINES_KEPT = 200

/**
 * Starts the program with these settings and nothing of the bench's own environment, and waits until it says that it has
 * started. `BENCH_PROFILE=<folder>` makes it write a CPU profile there when it ends.
 */
export const startProgram = async (settings: Readonly<Record<string, string>>): Promise<Program> => {
  const startedMs = monotonicMs()
  const profile = process.env.BENCH_PROFILE
  const child = spawn(
    process.execPath,
    [...NODE_OPTIONS, ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []), MAIN],
    {
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DEMO: '0', ...settings },
      cwd: settings.DATA_DIR,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const exit = once(child, 'exit')
  const endWithBench = () => child.kill('SIGKILL')
  process.on('exit', endWithBench)
  const log: Record<string, unknown>[] = []
  let rest = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    log.push(...lines.map(readLine))
    log.splice(0, log.length - LINES_KEPT)
  })
  const started = await waitFor('the program', () => {
    if (child.exitCode !== null) throw new Error(`the program did not start: ${JSON.stringify(log)} ${rest}`)
    return log.find(({ msg }) => msg === 'started')
  })
  return {
    port: Number(started.port ?? 0),
    startedInMs: monotonicMs() - startedMs,
    usage: () => usageOf(child.pid ?? 0),
    log,
    stop: async () => {
      child.kill('SIGTERM')
      await exit
      process.off('exit', endWithBench)
    },
  }
}

const readLine = (line: string): Record<string, unknown> => {
  try {
    return JSON.parse(line)
  } catch {
    return { line }
  }
}
