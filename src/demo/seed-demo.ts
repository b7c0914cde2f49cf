import { type Frame, seedFrames } from './demo-data.js'

/**
 * Creates the demo's customers and cards by sending their frames through the webhook's own path. Every start may do so: the
 * frames have fixed ids, so a known one is a duplicate and nothing happens twice, nor does it bring back what was removed.
 */
export const seedDemo = async (now: number, post: (frame: Frame) => Promise<unknown>): Promise<void> => {
  for (const frame of seedFrames(now)) await post(frame)
}
