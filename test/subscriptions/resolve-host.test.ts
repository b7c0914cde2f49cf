import { expect, test } from 'vitest'
import { createResolveHost } from '../../src/subscriptions/resolve-host.js'
import { openNameServer } from '../doubles/name-server.js'

const resolverOn = async (names: Parameters<typeof openNameServer>[0]) =>
  createResolveHost({ knowsThisNetwork: false, servers: [await openNameServer(names)] })

test('all addresses of a name are found, of whichever kind there are', async () => {
  const resolve = await resolverOn({ 'hooks.example.com': ['8.8.8.8', '127.0.0.1'] })
  expect(await resolve('hooks.example.com')).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ])
})

test('a name that is not there, and one that this machine alone knows, are not found', async () => {
  const resolve = await resolverOn({})
  await expect(resolve('nothing.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  await expect(resolve('localhost')).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

test('a name server that is silent is given up', async () => {
  const resolve = await resolverOn({ 'silent.example.com': null })
  await expect(resolve('silent.example.com')).rejects.toMatchObject({ code: 'ETIMEOUT' })
})

test('for development, names of this network are known', async () => {
  const resolve = createResolveHost({ knowsThisNetwork: true })
  expect(await resolve('localhost')).toContainEqual({ address: '127.0.0.1', family: 4 })
})
