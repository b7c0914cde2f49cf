import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A server that a test started. It never outlives the test's process. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  readonly #endWithTest: () => void
  #output = ''

  constructor(program: string, args: readonly string[], options: SpawnOptions = {}) {
    this.#child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#ended = once(this.#child, 'exit')
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = `${this.#output}${chunk}`.slice(-4_000)
      })
    }
    this.#endWithTest = () => this.#child.kill('SIGKILL')
    process.on('exit', this.#endWithTest)
    void this.#ended.then(() => process.off('exit', this.#endWithTest))
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  async end(name: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(name)
    await this.#ended
  }

  /** Tries until `answers` does not throw; throws what the server printed if it ends or takes longer than 20 s. */
  async untilReady(answers: () => Promise<unknown>): Promise<void> {
    const deadline = Date.now() + 20_000
    for (;;) {
      try {
        await answers()
        return
      } catch (error) {
        const ended = this.#child.exitCode !== null || this.#child.signalCode !== null
        if (ended || Date.now() > deadline)
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
