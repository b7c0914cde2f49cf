import { sleep } from '../clock.js'
import { AppError } from '../errors.js'

const MOST_TRIES = 20
const REST_MS = 100

/** For work that may wait: decides again while somebody else was first or the database is busy, for some seconds. */
export const patiently = async <T>(decided: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await decided()
    } catch (error) {
      const isPassing = error instanceof AppError && (error.code === 'conflict' || error.code === 'unavailable')
      if (!isPassing || tries >= MOST_TRIES) throw error
      await sleep(REST_MS)
    }
  }
}
