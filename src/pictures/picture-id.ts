import { createHash } from 'node:crypto'
import type { Picture } from './picture.js'

/** Part of every id: raise it when the same content shall look different, so that no messenger shows a stored old one. */
const LAYOUT_VERSION = 1

const sortedKeys = (_key: string, part: unknown): unknown =>
  part !== null && typeof part === 'object' && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part

/**
 * 128 bits of a SHA-256 over all that is on the picture, as 32 hex characters. Equal content has an equal id, however the
 * object was put together and in whichever process.
 */
export const pictureId = (picture: Picture): string =>
  createHash('sha256')
    .update(`${LAYOUT_VERSION}:${JSON.stringify(picture, sortedKeys)}`)
    .digest('hex')
    .slice(0, 32)
