import { describe, expect, onTestFinished, test } from 'vitest'
import { type ApiRoute, denialOf } from '../../src/access/api-route.js'
import { ROLES, type Role } from '../../src/access/role.js'
import { createHttpServer } from '../../src/http/server.js'
import { apiRoutesOf, openApi as openedApi } from '../../src/main/api.js'
import { openCommandLine } from '../support/command-line.js'

const openApi = async () => {
  const { foundation, businessId } = await openCommandLine()
  const { access, log } = foundation
  const server = createHttpServer({
    log,
    publicUrl: null,
    webhooks: [],
    routes: [(app) => app.use(openedApi(foundation))],
  })
  const port = await server.listen('127.0.0.1', 0)
  onTestFinished(() => server.close())
  const author = { businessId, actor: 'cli' }
  return {
    routes: apiRoutesOf(foundation),
    businessId,
    /** The status and body of an answer, with `x` for every id in the path. */
    call: async ({ method, path }: ApiRoute, key?: string) => {
      const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` }
      const address = `http://127.0.0.1:${port}/api/v1${path.replaceAll(/:\w+/g, 'x')}`
      const response = await fetch(address, { method, headers })
      return { status: response.status, body: await response.json() }
    },
    keyOf: async (role: Role, isReadOnly: boolean) => {
      const added = await access.roster.addStaff({ ...author, name: 'Nina', role, login: `${role}.${isReadOnly}` })
      if (added.kind === 'refused') throw new Error(added.reason)
      const staffId = added.staff.id
      const made = await access.keyRing.createKey({ ...author, staffId, name: 'Till', isReadOnly })
      if (made.kind === 'refused') throw new Error(made.reason)
      return { role, isReadOnly, staffId, keyId: made.id, key: made.key }
    },
    revoke: (keyId: string) => access.keyRing.deleteKey({ ...author, keyId }),
  }
}

describe('every route of the REST API', () => {
  test('refuses whoever has no key, and a key that was revoked', async () => {
    const { routes, call, keyOf, revoke } = await openApi()
    const revoked = await keyOf('marketer', false)
    await revoke(revoked.keyId)
    for (const route of routes) {
      expect(await call(route)).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
      expect(await call(route, revoked.key)).toMatchObject({ status: 401 })
    }
  })

  test('answers those whom it declares, and 403 to all others', async () => {
    const { routes, call, keyOf } = await openApi()
    const keys = []
    for (const role of ROLES) for (const isReadOnly of [false, true]) keys.push(await keyOf(role, isReadOnly))
    for (const route of routes) {
      for (const one of keys) {
        const { status } = await call(route, one.key)
        const isDenied = denialOf(route, one) !== null
        expect([route.method, route.path, one.role, one.isReadOnly, status === 403]).toEqual([
          route.method,
          route.path,
          one.role,
          one.isReadOnly,
          isDenied,
        ])
      }
    }
  })

  test('has an address of its own', async () => {
    const { routes } = await openApi()
    const addresses = routes.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(addresses).size).toBe(addresses.length)
  })
})

describe('GET /me', () => {
  test('tells whose key it is', async () => {
    const { routes, call, keyOf, businessId } = await openApi()
    const me = routes.find(({ path }) => path === '/me')
    if (!me) throw new Error('no /me')
    const { key, keyId, staffId } = await keyOf('cashier', true)
    expect(await call(me, key)).toEqual({
      status: 200,
      body: {
        business: { id: businessId, name: 'My business' },
        staff: { id: staffId, name: 'Nina', login: 'cashier.true', role: 'cashier', location_id: null },
        key: { id: keyId, name: 'Till', read_only: true },
      },
    })
  })
})
