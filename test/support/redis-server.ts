import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from './engines.js'
import { freePort, ServerProcess } from './server-process.js'

/** A Redis of this test's own: durable as in production, on a free port of 127.0.0.1. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** One command in Redis' inline form, and the first line of the answer. */
  command(line: string): Promise<string>
  flush(): Promise<void>
  /** Ends it in order; the data stay for `restart`. */
  stop(): Promise<void>
  /** Ends it as a crash does (SIGKILL); the data stay. */
  kill(): Promise<void>
  /** It keeps its connections and answers nobody, until `resume`. */
  freeze(): void
  resume(): void
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  close(): Promise<void>
}

/** Why there is no Redis on this machine; null when there is one. */
export const redisMissing = (): string | null => (findProgram('redis-server') ? null : 'redis-server is not installed')

/** `extra` are more options of redis-server, as on its command line. */
export const startRedis = async (extra: readonly string[] = []): Promise<RedisServer> => {
  const program = findProgram('redis-server')
  if (!program) throw new Error('redis-server is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-redis-'))
  const port = await freePort()
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
  }
  const args = [...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]), ...extra]
  const command = (line: string) => ask(port, line)
  const start = async (): Promise<ServerProcess> => {
    const process = new ServerProcess(program, args)
    await process.untilReady(async () => {
      if ((await command('PING')) !== '+PONG') throw new Error('it is loading its data')
    })
    return process
  }
  let server = await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    command,
    flush: async () => {
      await command('FLUSHALL')
    },
    stop: () => server.end('SIGTERM'),
    kill: () => server.end('SIGKILL'),
    freeze: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    restart: async () => {
      server = await start()
    },
    close: async () => {
      await server.end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const ask = async (port: number, line: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1').setTimeout(5_000, () => socket.destroy(new Error('no answer in 5 s')))
  try {
    await once(socket, 'connect')
    socket.write(`${line}\r\n`)
    const [answer] = await once(socket, 'data')
    return String(answer).split('\r\n')[0] ?? ''
  } finally {
    socket.destroy()
  }
}
