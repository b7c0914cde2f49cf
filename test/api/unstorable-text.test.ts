import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiCallsOf } from '../../src/main/api.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'
import { type Api, openApi } from './open-api.js'

/** PostgreSQL refuses a NUL in a string. */
const NUL = '%00'
const cursorOf = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/** Asks for everything by an id with a NUL in it, and searches for one. */
const askForNul = async ({ foundation, call }: Api): Promise<void> => {
  for (const { method, path, examples } of apiCallsOf(foundation)) {
    if (!path.includes('{')) continue
    const { status } = await call(method, path.replaceAll(/\{\w+\}/g, NUL), examples[0].body)
    expect([method, path, status]).toEqual([method, path, 404])
  }
  for (const path of [`/customers?q=a${NUL}`, `/customers?email=${NUL}@example.com`, `/cards?number=${NUL}`])
    expect(await call('GET', path), path).toMatchObject({ status: 200, body: { data: [] } })
  expect((await call('GET', `/customers?cursor=${cursorOf([1, '\0'])}`)).status).toBe(200)
}

test('an address with a NUL in it leads nowhere', async () => {
  await askForNul(await openApi())
})

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  test('an address with a NUL in it leads nowhere', async () => {
    const DATABASE_URL = await server.createDatabase('api_unstorable')
    const MASTER_KEY = Buffer.alloc(32, 1).toString('base64')
    await askForNul(await openApi(undefined, { DATABASE_URL, MASTER_KEY }))
  })
})
