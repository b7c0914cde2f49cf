import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

const DAY_MS = 24 * 60 * 60 * 1000

/** A messenger fetches a picture within seconds; a month lets someone scroll back to it. */
const VALID_DAYS = 30

/** The key of media URLs, derived from the program's master key. Every process that has the one has the other. */
export const mediaKeyOf = (masterKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(0), 'stampcast media url', 32))

const dayOf = (timeMs: number): number => Math.floor(timeMs / DAY_MS)

/** 128 bits of an HMAC-SHA256. Id and day have no separator in them, so no two pairs are signed alike. */
const signatureOf = (key: Uint8Array, pictureId: string, lastDay: string): Buffer =>
  createHmac('sha256', key).update(`${pictureId}.${lastDay}`).digest().subarray(0, 16)

/**
 * The path under which a picture may be fetched without further proof, `/media/<id>.<last day>.<signature>.png`. It is the
 * same all day (UTC), so that whoever fetched it may keep it, and is valid for 30 days.
 */
export const signMediaPath = (key: Uint8Array, pictureId: string, now: number): string => {
  const lastDay = (dayOf(now) + VALID_DAYS).toString(36)
  return `/media/${pictureId}.${lastDay}.${signatureOf(key, pictureId, lastDay).toString('base64url')}.png`
}

const MEDIA_PATH = /^\/media\/([\w-]{1,64})\.([\da-z]{1,8})\.([\w-]{22})\.png$/

/** The id of the picture that the path shows; null if the path is not ours, was changed, or is too old. */
export const readMediaPath = (key: Uint8Array, path: string, now: number): string | null => {
  const [, pictureId, lastDay, signature] = MEDIA_PATH.exec(path) ?? []
  if (pictureId === undefined || lastDay === undefined || signature === undefined) return null
  const given = Buffer.from(signature, 'base64url')
  const genuine = timingSafeEqual(given, signatureOf(key, pictureId, lastDay))
  return genuine && dayOf(now) <= Number.parseInt(lastDay, 36) ? pictureId : null
}
