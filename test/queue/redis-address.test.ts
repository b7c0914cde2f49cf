import { describe, expect, test } from 'vitest'
import { readRedisUrl } from '../../src/queue/redis-address.js'

describe('REDIS_URL', () => {
  test.each(['redis://localhost', 'redis://user:secret@10.0.0.1:6380/2', 'rediss://cache.example:6379'])(
    'names one server: %s',
    (url) => {
      expect(readRedisUrl(url)).toEqual({ kind: 'single', url })
    },
  )

  test('names the master that Sentinels know', () => {
    expect(readRedisUrl('redis+sentinel://a:26380,b,[::1]:26379/main/3')).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 26380 },
        { host: 'b', port: 26379 },
        { host: '::1', port: 26379 },
      ],
      name: 'main',
      db: 3,
      tls: false,
    })
  })

  test('names the nodes of a Cluster, with TLS and a login', () => {
    expect(readRedisUrl('rediss+cluster://stamp:p%40ss:word@a:7000,b')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
      username: 'stamp',
      password: 'p@ss:word',
      tls: true,
    })
  })

  test('may have a password only', () => {
    expect(readRedisUrl('redis+cluster://:secret@a')).toMatchObject({ password: 'secret' })
  })

  test.each([
    '',
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis+sentinel://a:26379',
    'redis+sentinel://a:26379/main/first',
    'redis+cluster://',
    'redis+cluster://a:b',
    'redis+cluster://a,,b',
  ])('is refused when it reads %j', (url) => {
    expect(() => readRedisUrl(url)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
  })

  test('is refused without repeating its password', () => {
    expect(() => readRedisUrl('redis+cluster://:hunter2@a:b')).toThrow(expect.not.stringContaining('hunter2'))
  })
})
