import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import type { DirectRoute } from '../../src/http/direct-route.js'
import { createHttpServer, type HttpServer } from '../../src/http/server.js'
import { recordLog } from '../support/recorded-log.js'

let server: HttpServer
afterEach(() => server.close())

const echo: DirectRoute = {
  method: 'POST',
  prefix: '/direct/',
  answer: async (_req, res, rest) => {
    if (rest === 'refused') throw new AppError('unauthorized', 'not you')
    if (rest === 'broken') throw new Error('a secret of ours')
    res.end(rest)
  },
}

const open = async () => {
  const { log, events } = recordLog()
  server = createHttpServer({
    log,
    publicUrl: null,
    direct: [echo],
    webhooks: [],
    routes: [(app) => app.all('/direct/:rest', (_req, res) => void res.send('express'))],
  })
  const port = await server.listen('127.0.0.1', 0)
  const ask = (path: string, method = 'POST') => fetch(`http://127.0.0.1:${port}${path}`, { method })
  return { ask, events }
}

test('what begins with its prefix is its own, without the query', async () => {
  const { ask, events } = await open()
  expect(await (await ask('/direct/a/b%20c?d=e')).text()).toBe('a/b%20c')
  expect(events('http.answered')).toMatchObject([{ method: 'POST', status: 200 }])
})

test('other methods and paths are left to Express', async () => {
  const { ask } = await open()
  expect(await (await ask('/direct/x', 'PUT')).text()).toBe('express')
  expect((await ask('/elsewhere')).status).toBe(404)
})

test('what it throws is answered as a problem, and says nothing of our faults', async () => {
  const { ask, events } = await open()
  const refused = await ask('/direct/refused')
  expect(refused.status).toBe(401)
  expect(await refused.json()).toMatchObject({ code: 'unauthorized', detail: 'not you' })
  const broken = await ask('/direct/broken')
  expect(broken.status).toBe(500)
  expect(await broken.text()).not.toContain('secret')
  expect(events('http.failed')).toHaveLength(1)
})
