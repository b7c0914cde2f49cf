import express, { Router } from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { whenAsked } from '../../src/http/when-asked.js'

const serve = async (make: () => Promise<Router>) => {
  const app = express()
  app.use(whenAsked(['/late'], make))
  app.get('/other', (_req, res) => res.send('other'))
  app.use((_error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(500).end()
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return (path: string) => fetch(`http://127.0.0.1:${address.port}${path}`)
}

test('is made by the first request below its path, once, and by no other', async () => {
  let made = 0
  const get = await serve(async () => {
    made++
    return Router().get('/late/page', (_req, res) => {
      res.send('here')
    })
  })
  expect(await (await get('/other')).text()).toBe('other')
  expect((await get('/later')).status).toBe(404)
  expect(made).toBe(0)
  const answers = await Promise.all([get('/late/page'), get('/late/page')])
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['here', 'here'])
  expect(made).toBe(1)
})

test('what could not be made is tried again by the next request', async () => {
  let tries = 0
  const get = await serve(async () => {
    if (++tries === 1) throw new Error('not yet')
    return Router().get('/late', (_req, res) => {
      res.send('here')
    })
  })
  expect((await get('/late')).status).toBe(500)
  expect(await (await get('/late')).text()).toBe('here')
})
