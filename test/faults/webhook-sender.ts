import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import { externalIdOf } from './fault-cafe.js'

/** One frame for customer number `index`; what it says to them is a short text without a picture. */
export const rewardIssued = (index: number): object => ({
  event: 'reward_issued',
  id: `reward_${index}`,
  timestamp: new Date().toISOString(),
  business_id: 'b_cafe',
  customer: { id: externalIdOf(index), language: 'en' },
  card: { id: `card_${index}`, stamps: 3, stamps_goal: 8, goal_index: 0 },
  reward: { type: 'award', title: 'Free coffee' },
})

const AT_ONCE = 16
const AGAIN_MS = 200

/** How many requests were answered with each status; 0 for a connection that broke. */
export type Answers = Readonly<Record<number, number>>

/** Posts a frame for each of `count` customers, and each again until it is accepted, as 7stamp does. */
export const postAll = async (
  webhookUrl: string,
  count: number,
  frameOf: (index: number) => object,
  { perSec = Number.POSITIVE_INFINITY, from = 0 } = {},
): Promise<Answers> => {
  const { origin, pathname } = new URL(webhookUrl)
  const pool = new Pool(origin, { connections: AT_ONCE, pipelining: 1 })
  const answers: Record<number, number> = {}
  const startedAt = performance.now()
  let next = from
  const postOne = async (index: number): Promise<void> => {
    for (;;) {
      const status = await post(pool, pathname, frameOf(index))
      answers[status] = (answers[status] ?? 0) + 1
      if (status !== 0 && status < 500) return
      await delay(AGAIN_MS)
    }
  }
  const postInTurn = async (): Promise<void> => {
    for (let index = next++; index < from + count; index = next++) {
      const dueMs = startedAt + ((index - from) * 1_000) / perSec
      if (dueMs > performance.now()) await delay(dueMs - performance.now())
      await postOne(index)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, postInTurn))
  } finally {
    await pool.destroy()
  }
  return answers
}

const post = async (pool: Pool, path: string, frame: object): Promise<number> => {
  try {
    const headers = { 'content-type': 'application/json' }
    const { statusCode, body } = await pool.request({ path, method: 'POST', headers, body: JSON.stringify(frame) })
    await body.dump()
    return statusCode
  } catch {
    return 0
  }
}
