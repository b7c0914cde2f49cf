import { readdirSync, readFileSync } from 'node:fs'

export type Frame = Record<string, unknown> & { event: string }

const FRAMES = new URL('./frames/', import.meta.url)

/** A documented frame by its file's name: `voucher_redeemed`, `voucher_redeemed.ko`. */
export const frame = (name: string): Frame => JSON.parse(frameBytes(name).toString())

export const frameBytes = (name: string): Buffer => readFileSync(new URL(`${name}.json`, FRAMES))

/** The names of all frames, translated ones included. */
export const frameNames: readonly string[] = readdirSync(FRAMES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
