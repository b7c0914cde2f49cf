import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** How a process ended: `code` by itself, `signal` if that ended it. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Called with each piece of what a process prints, as it comes. */
export type OutputListener = (stream: 'stdout' | 'stderr', text: string) => void

/** A server that a test started. It never outlives the test's process. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  /** Resolves when it has ended and all that it printed has been read. */
  readonly ended: Promise<Exit>
  readonly #endWithTest: () => void
  #output = ''

  constructor(
    program: string,
    args: readonly string[],
    options: SpawnOptions = {},
    onOutput: OutputListener = () => undefined,
  ) {
    this.#child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#exited = once(this.#child, 'exit')
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal }))
    })
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = `${this.#output}${text}`.slice(-4_000)
        onOutput(name, text)
      })
    }
    this.#endWithTest = () => this.#child.kill('SIGKILL')
    process.on('exit', this.#endWithTest)
    void this.#exited.then(() => process.off('exit', this.#endWithTest))
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process was not started')
    return this.#child.pid
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  async end(name: NodeJS.Signals): Promise<void> {
    if (!this.hasEnded) this.#child.kill(name)
    await this.#exited
  }

  /** Tries until `answers` does not throw; throws what the server printed if it ends or takes longer than 20 s. */
  async untilReady(answers: () => Promise<unknown>): Promise<void> {
    const deadline = Date.now() + 20_000
    for (;;) {
      try {
        await answers()
        return
      } catch (error) {
        if (this.hasEnded || Date.now() > deadline)
          throw new Error(`the server did not start: ${this.#output}`, { cause: error })
        await delay(20)
      }
    }
  }
}

/** A port of 127.0.0.1 that nobody uses at this moment. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
