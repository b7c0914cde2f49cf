import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { AppError } from '../../src/errors.js'
import { parseInput } from '../../src/field-errors.js'
import { createEndpointClient, type Resolved, type ResolveHost } from '../../src/subscriptions/endpoint-client.js'
import { endpointUrl } from '../../src/subscriptions/endpoint-url.js'
import { isPublicAddress } from '../../src/subscriptions/public-address.js'
import { openReceiver } from '../doubles/webhook-receiver.js'

/** What must never be reached: this machine, its network, what the cloud keeps there, and all that only looks public. */
const PRIVATE = [
  // This machine and this network
  ...['127.0.0.1', '127.0.0.53', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255'],
  ...['172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255', '169.254.0.1', '169.254.169.254'],
  // Carriers, clouds, benchmarks, documentation, relays, groups, the future
  ...['100.64.0.1', '100.100.100.200', '100.127.255.255', '168.63.129.16', '192.0.0.1', '192.0.0.192'],
  ...['192.0.2.1', '198.51.100.7', '203.0.113.9', '198.18.0.1', '198.19.255.255', '192.88.99.1'],
  ...['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
  // The same in IPv6
  ...['::', '::1', '::2', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254'],
  ...['::ffff:0:127.0.0.1', '::ffff:c0a8:1', 'fc00::1', 'fd00::1', 'fd00:ec2::254', 'fe80::1', 'febf::1', 'fec0::1'],
  ...['ff02::1', 'ff0e::1', '100::1', '2001:db8::1', '2001::1', '2001:20::1', '2001:2::1', '3fff::1', '5f00::1'],
  ...['2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:808:808::1', '64:ff9b::127.0.0.1', '64:ff9b::10.0.0.1'],
  ...['64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '::ffff:0.0.0.0', '::ffff:100.64.0.1', '::ffff:198.18.0.1'],
]

const PUBLIC = [
  ...['8.8.8.8', '1.1.1.1', '93.184.216.34', '172.15.0.1', '172.32.0.1', '100.63.255.255', '100.128.0.1'],
  ...['::ffff:8.8.8.8', '64:ff9b::808:808', '2606:4700:4700::1111', '2a00:1450:4001::200e'],
]

/** Ways to write 127.0.0.1 that a careless program takes for a name, or for somebody else. */
const ODD_SPELLINGS = [
  ...['localhost', 'LOCALHOST', 'localhost.', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1'],
  ...['017700000001', '0x7f.0x0.0x0.0x1', '127.0.0.1.', '127。0。0。1', '①②⑦.0.0.1', '１２７.0.0.1', '%31%32%37.0.0.1'],
  ...['0', '0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[0:0:0:0:0:0:0:1]', '[::ffff:7f00:1]', '[::127.0.0.1]'],
]

const family = (address: string) => (address.includes(':') ? 6 : 4)
const resolved = (address: string): Resolved => ({ address, family: family(address) })
const resolvesTo =
  (...addresses: string[]): ResolveHost =>
  async () =>
    addresses.map(resolved)
const asHost = (address: string) => (address.includes(':') ? `[${address}]` : address)

const postTo = (url: string, resolveHost: ResolveHost = resolvesTo('127.0.0.1'), allowPrivate = false) =>
  createEndpointClient({ resolveHost, allowPrivate, timeoutMs: 400, clock: systemClock })({
    url,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{}'),
    signal: new AbortController().signal,
  })

/** Listens on this machine, where nothing may ever arrive. */
const openCanaries = async () => {
  const canaries = [await openReceiver('127.0.0.1'), await openReceiver('::1')]
  return {
    ports: canaries.map(({ port }) => port),
    hits: () => canaries.reduce((sum, { received }) => sum + received.length, 0),
  }
}

describe('addresses', () => {
  test('there are at least sixty that must not be reached', () => {
    expect(new Set(PRIVATE).size).toBeGreaterThanOrEqual(60)
  })
  test.each(PRIVATE)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))
  test.each(PUBLIC)('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))

  test('whatever wraps an IPv4 address is as public as that address at most', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), (bytes) => {
        const plain = bytes.join('.')
        const isPublic = isPublicAddress(plain)
        expect(isPublicAddress(`::ffff:${plain}`)).toBe(isPublic)
        expect(isPublicAddress(`64:ff9b::${plain}`)).toBe(isPublic)
        expect(isPublicAddress(`::${plain}`)).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  test.each(['', 'example.com', '1.2.3', '::ffff:8.8.8.8/96', '8.8.8.8:80', 'fe80::1%eth0'])(
    '“%s” is no public address',
    (text) => expect(isPublicAddress(text)).toBe(false),
  )
})

describe('a canary on this machine is never hit', () => {
  test('by addresses, written as such or in odd spellings', async () => {
    const canaries = await openCanaries()
    for (const host of [...PRIVATE.map(asHost), ...ODD_SPELLINGS])
      for (const port of canaries.ports) {
        const url = `http://${host}:${port}/`
        if (URL.canParse(url)) expect(await postTo(url), url).toMatchObject({ status: 'not_sent' })
      }
    expect(canaries.hits()).toBe(0)
  })

  test('by names that lead to one of them, alone or among public ones', async () => {
    const canaries = await openCanaries()
    const [port] = canaries.ports
    for (const address of PRIVATE)
      for (const answers of [[address], ['8.8.8.8', address], [address, '2606:4700:4700::1111']])
        expect(await postTo(`http://hooks.example.com:${port}/`, resolvesTo(...answers)), answers.join()).toMatchObject(
          { status: 'not_sent', reason: 'the host has an address in a private network' },
        )
    expect(canaries.hits()).toBe(0)
  })

  test('by a name that is public when it is checked and this machine a moment later', async () => {
    const canaries = await openCanaries()
    for (const port of canaries.ports) {
      let lookups = 0
      const rebinding: ResolveHost = async () => [resolved(lookups++ === 0 ? '8.8.8.8' : '127.0.0.1')]
      expect((await postTo(`http://hooks.example.com:${port}/`, rebinding)).status).not.toBe('sent')
      expect(lookups).toBe(1)
      expect(await postTo(`http://hooks.example.com:${port}/`, rebinding)).toMatchObject({ status: 'not_sent' })
    }
    expect(canaries.hits()).toBe(0)
  })

  test('by a redirect', async () => {
    const canaries = await openCanaries()
    for (const status of [301, 302, 303, 307, 308]) {
      const redirector = await openReceiver()
      redirector.answerWith({ status, headers: { location: `http://127.0.0.1:${canaries.ports[0]}/` } })
      expect(await postTo(redirector.url, undefined, true)).toEqual({ status: 'not_sent', reason: `HTTP ${status}` })
      expect(redirector.received).toHaveLength(1)
    }
    expect(canaries.hits()).toBe(0)
  })
})

test('the addresses that were checked are those that are connected to', async () => {
  const receiver = await openReceiver()
  const result = await postTo(`http://hooks.example.com:${receiver.port}/hook`, resolvesTo('127.0.0.1'), true)
  expect(result).toEqual({ status: 'sent', messageId: 'HTTP 204' })
  expect(receiver.received[0]?.headers.host).toBe(`hooks.example.com:${receiver.port}`)
})

describe('what a receiver’s failure is', () => {
  test('no answer in time: nobody knows', async () => {
    const receiver = await openReceiver()
    receiver.answerWith('hang')
    expect(await postTo(receiver.url, undefined, true)).toEqual({ status: 'unknown', reason: 'no answer in time' })
  })
  test('nobody listens: not sent', async () => {
    expect(await postTo('http://127.0.0.1:1/', undefined, true)).toMatchObject({ status: 'not_sent' })
  })
  test('a name that nobody knows, or whose server hangs: not sent', async () => {
    const unknown: ResolveHost = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    const hanging: ResolveHost = () => new Promise(() => undefined)
    expect(await postTo('https://hooks.example.com/', unknown)).toEqual({
      status: 'not_sent',
      reason: 'the host was not found: ENOTFOUND',
    })
    expect(await postTo('https://hooks.example.com/', hanging)).toMatchObject({ status: 'not_sent' })
    expect(await postTo('https://hooks.example.com/', resolvesTo())).toMatchObject({ status: 'not_sent' })
  })
})

describe('the address of a new webhook', () => {
  const refusalOf = (url: string, allowPrivate = false): string | null => {
    try {
      parseInput(endpointUrl(allowPrivate), url)
      return null
    } catch (error) {
      if (error instanceof AppError) return error.fields[0]?.message ?? ''
      throw error
    }
  }

  test.each(['https://hooks.example.com/x?y=1', 'https://8.8.8.8/', 'https://hooks.example.com:8443/'])(
    '%s is taken',
    (url) => expect(refusalOf(url)).toBeNull(),
  )
  test.each<[string, string]>([
    ['', 'must be an address such as https://example.com/webhooks'],
    ['ftp://hooks.example.com/', 'must be an address such as https://example.com/webhooks'],
    ['http://hooks.example.com/', 'must be https: what is sent must not be read on its way'],
    ['https://user:secret@hooks.example.com/', 'must not have a user or a password in it'],
    ['https://user@hooks.example.com/', 'must not have a user or a password in it'],
    ['https://hooks.example.com:25/', 'must be at port 443, or at 1024 and above'],
    ...['localhost', 'printer', 'nas.local', 'db.internal', 'x.localhost.', 'router.home.arpa'].map(
      (host): [string, string] => [`https://${host}/`, 'must be on the open internet, not in a private network'],
    ),
  ])('%s is refused: %s', (url, message) => expect(refusalOf(url)).toBe(message))

  test('no private address is taken in any spelling, unless they are allowed', () => {
    const urls = [...PRIVATE.map(asHost), ...ODD_SPELLINGS].map((host) => `https://${host}/`)
    for (const url of urls) expect(refusalOf(url), url).not.toBeNull()
    expect(refusalOf('http://127.0.0.1:8080/', true)).toBeNull()
    expect(refusalOf('http://localhost:8080/', true)).toBeNull()
  })
})
