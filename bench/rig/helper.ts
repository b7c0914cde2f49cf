import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a helper process can be asked; arguments and answers travel as JSON. */
type Commands = Readonly<Record<string, (...args: never[]) => unknown>>

interface Question {
  readonly id: number
  readonly command: string
  readonly args: readonly unknown[]
}

type Reply = { readonly id: number; readonly value?: unknown; readonly error?: string }

/** A process of the bench's own: a sink, a load generator, something to compare with. */
export interface Helper<C extends Commands> {
  readonly pid: number
  ask<K extends keyof C & string>(command: K, ...args: Parameters<C[K]>): Promise<Awaited<ReturnType<C[K]>>>
  stop(): Promise<void>
}

/** Starts `module` (a URL of a file that calls `serve`) in a process of its own, which never outlives this one. */
export const startHelper = <C extends Commands>(module: URL): Helper<C> => {
  const child = fork(fileURLToPath(module))
  const exit = once(child, 'exit')
  const open = new Map<number, (reply: Reply) => void>()
  let lastId = 0
  child.on('message', (reply: Reply) => {
    open.get(reply.id)?.(reply)
    open.delete(reply.id)
  })
  child.on('exit', (code) => {
    for (const [id, settle] of open) settle({ id, error: `the process ended with ${code}` })
    open.clear()
  })
  return {
    pid: child.pid ?? 0,
    ask: (command, ...args) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        open.set(id, ({ value, error }) =>
          error === undefined ? resolve(value as never) : reject(new Error(`${command}: ${error}`)),
        )
        child.send({ id, command, args } satisfies Question)
      }),
    stop: async () => {
      child.disconnect()
      await exit
    },
  }
}

/** The other side: answers what the bench asks, and ends with it. Returns `commands` for the sake of their type. */
export const serve = <C extends Commands>(commands: C): C => {
  const answer = async ({ id, command, args }: Question): Promise<Reply> => {
    try {
      return { id, value: await commands[command]?.(...(args as never[])) }
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
  process.on('message', (question: Question) => {
    void answer(question).then((reply) => process.send?.(reply))
  })
  process.on('disconnect', () => process.exit(0))
  return commands
}
