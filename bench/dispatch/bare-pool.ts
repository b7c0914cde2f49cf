import { Pool } from 'undici'
import { serve } from '../rig/helper.js'

/** Posts the same bodies with nothing around it: no ledger, no gate, no wording. The fastest that Node's client can be. */
export type BarePool = typeof commands

const commands = serve({
  post: async (port: number, bodies: readonly string[], count: number, concurrency: number): Promise<void> => {
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: concurrency, pipelining: 1 })
    let next = 0
    const postUntilDone = async (): Promise<void> => {
      for (let index = next++; index < count; index = next++) {
        const { statusCode, body } = await pool.request({
          path: '/bot1000:bench-bot-token/sendMessage',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: bodies[index % bodies.length] ?? '',
        })
        const answer = await body.json()
        if (statusCode !== 200 || typeof answer !== 'object') throw new Error(`answered ${statusCode}`)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, postUntilDone))
    await pool.close()
  },
})
