import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import { createMetrics, healthRoutes, type ReadyCheck } from '../../src/http/health.js'
import { createHttpServer, type HttpServer } from '../../src/http/server.js'
import { createLog } from '../../src/log.js'

let server: HttpServer | undefined
afterEach(async () => {
  await server?.close()
})

const open = async (checks: Record<string, ReadyCheck>) => {
  const log = createLog('silent')
  const routes = [healthRoutes({ checks, openMetrics: createMetrics, log })]
  server = createHttpServer({ log, publicUrl: null, webhooks: [], routes })
  const port = await server.listen('127.0.0.1', 0)
  return async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
}

const fine = async () => {}

describe('/readyz', () => {
  test('is 200 while every part works', async () => {
    const get = await open({ database: fine, queue: fine })
    const { status, text, headers } = await get('/readyz')
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({ status: 'ready', checks: { database: 'ok', queue: 'ok' } })
    expect(headers.get('Cache-Control')).toBe('no-store')
  })

  test('else 503, and names what does not, without telling strangers how it is built', async () => {
    const get = await open({
      database: async () => {
        throw new Error('connect ECONNREFUSED 10.0.0.5:5432')
      },
      queue: () => {
        throw new Error('thrown at once')
      },
      lanes: async () => {
        throw new AppError('misconfigured', 'telegram: the token was refused')
      },
      pictures: fine,
    })
    const { status, text } = await get('/readyz')
    expect(status).toBe(503)
    expect(JSON.parse(text)).toEqual({
      status: 'not_ready',
      checks: { database: 'failed', queue: 'failed', lanes: 'telegram: the token was refused', pictures: 'ok' },
    })
  })

  test('a part that hangs, or fails later, is not waited for', async () => {
    const get = await open({
      database: () => new Promise(() => {}),
      queue: () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('late')), 1_100)),
      lanes: fine,
    })
    const { status, text } = await get('/readyz')
    expect(status).toBe(503)
    expect(JSON.parse(text).checks).toEqual({
      database: 'no answer within 1 s',
      queue: 'no answer within 1 s',
      lanes: 'ok',
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
  })

  test('a storm of probes is one check', async () => {
    let checks = 0
    const get = await open({
      database: async () => {
        checks++
        await new Promise((resolve) => setTimeout(resolve, 50))
      },
    })
    await Promise.all(Array.from({ length: 20 }, () => get('/readyz')))
    expect(checks).toBeLessThan(5)
    await get('/readyz')
    await get('/readyz')
    expect(checks).toBeGreaterThan(2)
  })
})

test('/healthz says that the process answers, whatever its parts do', async () => {
  const get = await open({ database: () => Promise.reject(new Error('gone')) })
  expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"status":"alive"}' })
})

test("/metrics has the process's own figures and whatever else was registered", async () => {
  const get = await open({})
  const { status, text, headers } = await get('/metrics')
  expect(status).toBe(200)
  expect(headers.get('Content-Type')).toContain('text/plain; version=0.0.4')
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m)
})
