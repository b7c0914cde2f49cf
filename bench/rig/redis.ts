import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, ServerProcess } from '../../test/support/server-process.js'

export interface Redis {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** A Redis of the bench's own, durable as in production. Throws if redis-server is not installed. */
export const startRedis = async (): Promise<Redis> => {
  if (spawnSync('redis-server', ['--version']).status !== 0)
    throw new Error('redis-server is not installed: this bench compares with what runs on Redis')
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-bench-redis-'))
  const port = await freePort()
  const server = new ServerProcess('redis-server', [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
  ])
  await server.untilReady(() => canConnect(port))
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    close: async () => {
      await server.end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const canConnect = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
  })
