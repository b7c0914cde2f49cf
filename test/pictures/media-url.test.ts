import { describe, expect, test } from 'vitest'
import { mediaKeyOf, readMediaPath, signMediaPath } from '../../src/pictures/media-url.js'

const DAY_MS = 24 * 60 * 60 * 1000
const NOON = Date.UTC(2030, 0, 15, 12)
const key = mediaKeyOf(Buffer.alloc(32, 7))
const id = '0123456789abcdef0123456789abcdef'

describe('a media URL', () => {
  test('leads back to its picture', () => {
    const path = signMediaPath(key, id, NOON)
    expect(path).toMatch(/^\/media\/[\w.-]+\.png$/)
    expect(readMediaPath(key, path, NOON)).toBe(id)
  })

  test('is the same all day, so that it can be cached, and another on the next', () => {
    const atDawn = signMediaPath(key, id, Date.UTC(2030, 0, 15, 0))
    expect(signMediaPath(key, id, Date.UTC(2030, 0, 15, 23, 59, 59, 999))).toBe(atDawn)
    expect(signMediaPath(key, id, Date.UTC(2030, 0, 16))).not.toBe(atDawn)
  })

  test('is valid for 30 days, to the end of the last', () => {
    const path = signMediaPath(key, id, NOON)
    expect(readMediaPath(key, path, NOON + 30 * DAY_MS)).toBe(id)
    expect(readMediaPath(key, path, Date.UTC(2030, 1, 14, 23, 59, 59))).toBe(id)
    expect(readMediaPath(key, path, Date.UTC(2030, 1, 15))).toBeNull()
  })

  test('of another master key is not ours', () => {
    expect(readMediaPath(mediaKeyOf(Buffer.alloc(32, 8)), signMediaPath(key, id, NOON), NOON)).toBeNull()
  })

  test('cannot be changed: not the picture, not the day, not the signature', () => {
    const path = signMediaPath(key, id, NOON)
    for (let i = '/media/'.length; i < path.length - '.png'.length; i++) {
      const changed = path.slice(0, i) + (path[i] === '1' ? '2' : '1') + path.slice(i + 1)
      expect(readMediaPath(key, changed, NOON)).toBeNull()
    }
  })

  test.each([
    '',
    '/media/',
    '/media/x.png',
    `/media/${id}.png`,
    '/media/../../etc/passwd',
    `/media/${id}.zzz.short.png`,
  ])('%j is none', (path) => expect(readMediaPath(key, path, NOON)).toBeNull())
})
