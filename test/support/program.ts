import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Exit, ServerProcess } from './server-process.js'

export type Environment = Readonly<Record<string, string>>

export interface InstallationOptions {
  /** What the operator sets, for all its processes. Nothing is inherited from the test's own environment but PATH. */
  readonly env?: Environment
  readonly redisUrl?: string
  /** PostgreSQL instead of the SQLite file. */
  readonly databaseUrl?: string
  /** Where the program lies, if it is not this checkout's own build. */
  readonly programDir?: string
}

/** A place where the real program runs as its operator runs it: built, in processes of its own, with a fresh DATA_DIR. */
export interface Installation {
  readonly dataDir: string
  /** Starts a process that serves HTTP on a port of its own, and waits for its /readyz, or only until it `listens`. */
  start(options?: {
    readonly role?: 'all' | 'web'
    readonly env?: Environment
    readonly until?: 'ready' | 'listens'
  }): Promise<WebProgram>
  /** Starts a process that does not listen, and waits until it has started, or for nothing. */
  startWorker(env?: Environment, until?: 'started' | 'spawned'): Promise<Program>
  /** Starts a process that should refuse to, and waits for its end. */
  startInVain(env?: Environment): Promise<Exit & { readonly stdout: string; readonly stderr: string }>
  /** Runs what a container's health check runs, and waits for its end. */
  checkHealth(env: Environment): Promise<Exit & { readonly stderr: string }>
  /** Runs a command of the command line. Throws what it printed if it fails. */
  cli(...words: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Ends what still runs, and removes the files. */
  close(): Promise<void>
}

/** A line of the program's log; `msg` is its event. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string }

export interface Program {
  readonly pid: number
  /** Grows while it runs. */
  readonly log: readonly LogLine[]
  logged(event: string): readonly LogLine[]
  /** What it printed besides its log. */
  printed(): string
  signal(name: NodeJS.Signals): void
  /** Asks it to end (SIGTERM). What does not end within 15 s is killed, and has the signal SIGKILL. */
  stop(): Promise<Ended>
  /** SIGKILL */
  kill(): Promise<Ended>
}

export interface WebProgram extends Program {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string
  readonly webhookUrl: string
  /** Opens the setup page, once. */
  readonly setupLink: string
  /** Opens a staff chat, once. */
  readonly staffLink: string
}

export interface Ended extends Exit {
  /** From the signal to the end. */
  readonly elapsedMs: number
}

const STOP_WITHIN_MS = 15_000

/** This file runs from the checkout or from dist/; the program is in dist/ either way. */
const ownProgramDir = (): string => {
  const root = new URL('../../', import.meta.url)
  const built = new URL('dist/src/', root)
  return fileURLToPath(existsSync(built) ? built : new URL('src/', root))
}

export const openInstallation = (options: InstallationOptions = {}): Installation => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-program-'))
  const dataDir = join(folder, 'data')
  // No `.env` lies in the working directory.
  const workingDir = join(folder, 'work')
  mkdirSync(workingDir)
  const base = baseEnvironment(dataDir, options)
  const programDir = options.programDir ?? ownProgramDir()
  const running = new Set<ServerProcess>()

  const launch = (file: 'main' | 'cli' | 'health-check', args: readonly string[], env: Environment) => {
    const output = createOutput()
    const spawned = { cwd: workingDir, env: { ...base, ...env } }
    const child = new ServerProcess(process.execPath, [join(programDir, `${file}.js`), ...args], spawned, output.take)
    running.add(child)
    void child.ended.then(() => running.delete(child))
    return { child, output }
  }

  return {
    dataDir,
    start: async ({ role = 'all', env = {}, until = 'ready' } = {}) => {
      const { child, output } = launch('main', [], { ROLE: role, ...env })
      await child.untilReady(async () => {
        const answer = await fetch(`${addressesIn(output).url}/readyz`)
        if (until === 'ready' && !answer.ok) throw new Error(`/readyz says ${await answer.text()}`)
      })
      return { ...programOf(child, output), ...addressesIn(output) }
    },
    startWorker: async (env = {}, until = 'started') => {
      const { child, output } = launch('main', [], { ROLE: 'worker', ...env })
      if (until === 'started')
        await child.untilReady(async () => {
          if (!output.log.some(({ msg }) => msg === 'started')) throw new Error('it is starting')
        })
      return programOf(child, output)
    },
    startInVain: async (env = {}) => {
      const { child, output } = launch('main', [], env)
      const exit = await endWithin(child, STOP_WITHIN_MS)
      return { ...exit, stdout: output.stdout(), stderr: output.stderr() }
    },
    checkHealth: async (env) => {
      const { child, output } = launch('health-check', [], env)
      const exit = await endWithin(child, STOP_WITHIN_MS)
      return { ...exit, stderr: output.stderr() }
    },
    cli: async (...words) => {
      const { child, output } = launch('cli', [...words, '--json'], {})
      const { code } = await endWithin(child, STOP_WITHIN_MS)
      if (code !== 0) throw new Error(`${words.join(' ')}: ${output.stderr()}${output.stdout()}`)
      return JSON.parse(output.stdout())
    },
    close: async () => {
      await Promise.all([...running].map((child) => child.end('SIGKILL')))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const baseEnvironment = (dataDir: string, { env, redisUrl, databaseUrl }: InstallationOptions): Environment => ({
  PATH: process.env.PATH ?? '',
  DATA_DIR: dataDir,
  PORT: '0',
  // Given, so that a word of the machine's does not decide what a test reads.
  BUSINESS_TIMEZONE: 'Europe/Kyiv',
  ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl, MASTER_KEY: randomBytes(32).toString('base64') }),
  ...env,
})

/** Collects what a process prints: its log is JSON lines on stderr. */
const createOutput = () => {
  const log: LogLine[] = []
  const texts = { stdout: '', stderr: '' }
  let rest = ''
  return {
    log,
    take: (stream: 'stdout' | 'stderr', text: string): void => {
      if (stream === 'stdout') {
        texts.stdout += text
        return
      }
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('{')) log.push(JSON.parse(line))
        else texts.stderr += `${line}\n`
      }
    },
    stdout: () => texts.stdout,
    stderr: () => texts.stderr + rest,
  }
}

type Output = ReturnType<typeof createOutput>

/** The port is in the log, the addresses on the screen, which may name a PUBLIC_URL. */
const addressesIn = ({ log, stdout }: Output): Pick<WebProgram, 'url' | 'webhookUrl' | 'setupLink' | 'staffLink'> => {
  const port = log.find(({ msg }) => msg === 'started')?.port
  const [webhook] = /\/webhooks\/7stamp\/\S+/.exec(stdout()) ?? []
  const [setup] = /\/\?setup=\S+/.exec(stdout()) ?? []
  const [staff] = /\/try\?start=\S+/.exec(stdout()) ?? []
  if (typeof port !== 'number' || webhook === undefined || setup === undefined || staff === undefined)
    throw new Error('it is starting')
  const url = `http://127.0.0.1:${port}`
  return { url, webhookUrl: url + webhook, setupLink: url + setup, staffLink: url + staff }
}

const programOf = (child: ServerProcess, output: Output): Program => ({
  pid: child.pid,
  log: output.log,
  logged: (event) => output.log.filter(({ msg }) => msg === event),
  printed: () => output.stdout() + output.stderr(),
  signal: (name) => child.signal(name),
  stop: async () => {
    child.signal('SIGTERM')
    return endWithin(child, STOP_WITHIN_MS)
  },
  kill: async () => {
    child.signal('SIGKILL')
    return endWithin(child, STOP_WITHIN_MS)
  },
})

const endWithin = async (child: ServerProcess, ms: number): Promise<Ended> => {
  const startedAt = performance.now()
  const isLate = new AbortController()
  void delay(ms, undefined, { signal: isLate.signal }).then(
    () => child.signal('SIGKILL'),
    () => undefined,
  )
  const exit = await child.ended
  isLate.abort()
  return { ...exit, elapsedMs: performance.now() - startedAt }
}
