import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { openReceiver, type WebhookReceiver } from '../doubles/webhook-receiver.js'
import { describeWith } from '../support/engines.js'
import type { Program } from '../support/program.js'
import { redisMissing } from '../support/redis-server.js'
import { filesIn, findSecrets, type Place } from '../support/secret-search.js'
import { cardIssued, OLENA, stampAdded } from './frames.js'
import { openCafe, SOON, tell, waitForMessages } from './open-cafe.js'
import {
  bearer,
  openPlantedCafe,
  type PlantedCafe,
  paramIn,
  posted,
  readStream,
  telegramWebhook,
} from './planted-cafe.js'

const CONTROLS = [
  ['plain text', 'utf8'],
  ['base64', 'base64'],
  ['hex', 'hex'],
] as const

const MALFORMED = ['{"event":', '[]', '{"event":"stamp_added"}', '{"a":1,"a":2}', '\u0000']

describeWith('planted secrets', redisMissing(), () => {
  test('are found nowhere in database, Redis, logs and refusals, whatever goes wrong', async () => {
    const cafe = await openPlantedCafe()
    const { web, worker, installation } = cafe
    const meantToBeShown = [
      cafe.keep('the token of the staff link', paramIn(web.staffLink, 'start')),
      cafe.keep('the token of the setup link', paramIn(web.setupLink, 'setup')),
      web.webhookUrl,
    ]
    await tell(web, cardIssued(OLENA))
    await postToWebhooks(cafe)
    const ownerKey = await useApiKeys(cafe)
    const receiver = await subscribe(cafe, ownerKey)
    const counter = await openCounter(cafe, ownerKey)
    await redeemInTelegram(cafe, counter)
    await redeemInWebChat(cafe, counter)
    await openLinks(cafe, counter)
    await openSetupPage(cafe)
    await failToSend(cafe, receiver)

    const whileRunning = [...filesIn(installation.dataDir), ...(await cafe.inRedis())]
    await cafe.telegram.comeBack()
    for (const program of [web, worker]) expect(await program.stop()).toMatchObject({ code: 0 })
    const printed = meantToBeShown.reduce((text, shown) => text.replaceAll(shown, ''), web.printed() + worker.printed())
    const places: Place[] = [
      ...whileRunning,
      ...filesIn(installation.dataDir).map(({ name, bytes }) => ({ name: `${name} after the stop`, bytes })),
      ...[web, worker].map(logOf),
      { name: 'refusals', bytes: Buffer.from(cafe.refusals.join('\n')) },
      { name: 'what was printed', bytes: Buffer.from(printed) },
    ]
    expect(findSecrets(cafe.secrets, places)).toEqual([])

    // All of it was really searched, and a secret in it would have been found.
    const control = (text: string) => findSecrets([{ name: 'control', text }], places).join('\n')
    for (const [form, encoding] of CONTROLS) {
      const written = Buffer.from(`a:${cafe.telegram.token}`).toString(encoding)
      const found = findSecrets(cafe.secrets, [{ name: 'a planted file', bytes: Buffer.from(`{"a":"${written}"}`) }])
      expect(found.join('\n')).toContain(`TELEGRAM_BOT_TOKEN as ${form} in a planted file: `)
    }
    expect(control('Coffee card')).toMatch(/in stampcast.sqlite(-wal)?: /)
    expect(control('Coffee card')).toContain('in stampcast.sqlite after the stop: ')
    expect(control('{stampcast}:')).toContain('in Redis: {stampcast}:')
    expect(control('http.answered')).toContain('in the log: ')
    expect(control('application/problem+json')).toContain('in refusals: ')
  })
})

test('a start that fails repeats no password', async () => {
  const { installation } = await openCafe()
  const password = `planted-${randomBytes(18).toString('base64url')}`
  const settings = [
    { DATABASE_URL: `postgres://cafe:${password}@127.0.0.1:1/cafe`, MASTER_KEY: randomBytes(32).toString('base64') },
    { DATABASE_URL: `postgres:cafe:${password}@127.0.0.1/cafe`, MASTER_KEY: password },
    { REDIS_URL: `http://cafe:${password}@127.0.0.1:1` },
    { SMTP_URL: `http://news:${password}@127.0.0.1:1`, MAIL_FROM: 'news@cafe.example' },
    { TELEGRAM_BOT_TOKEN: password, VAPID_PUBLIC_KEY: 'none', VAPID_PRIVATE_KEY: password },
  ]
  for (const env of settings) {
    const { code, stdout, stderr } = await installation.startInVain({ LOG_LEVEL: 'debug', ...env })
    expect(code).toBe(1)
    const printed = [{ name: 'what was printed', bytes: Buffer.from(stdout + stderr) }]
    expect(findSecrets([{ name: 'a password', text: password }], printed)).toEqual([])
  }
})

const logOf = (program: Program): Place => ({
  name: 'the log',
  bytes: Buffer.from(program.log.map((line) => JSON.stringify(line)).join('\n')),
})

const jsonOf = async (answer: Response): Promise<Readonly<Record<string, unknown>>> => Object(await answer.json())

/** The right addresses with wrong bodies, and the right tokens in wrong addresses. */
const postToWebhooks = async (cafe: PlantedCafe): Promise<void> => {
  const { call, keep, web } = cafe
  const sevenstamp = new URL(web.webhookUrl).pathname
  const telegram = await telegramWebhook(cafe)
  keep('the token of Telegram’s address', telegram.path.split('/').at(-1))
  keep('the secret of Telegram’s address', telegram.secret)
  for (const body of MALFORMED) {
    await call(sevenstamp, posted(body))
    await call(telegram.path, posted(body, { 'x-telegram-bot-api-secret-token': telegram.secret }))
  }
  await call(telegram.path, posted({ update_id: 1 }, { 'x-telegram-bot-api-secret-token': `${telegram.secret}x` }))
  for (const path of [...wrongAddresses(sevenstamp), ...wrongAddresses(telegram.path)]) {
    await call(path, posted(stampAdded(OLENA, 1)))
    await call(path)
  }
}

const wrongAddresses = (path: string): readonly string[] => {
  const token = path.split('/').at(-1) ?? ''
  return [
    `${path}x`,
    `${path}/more`,
    `${path}?more`,
    `/${path}`,
    path.replace('/webhooks/', '/Webhooks/'),
    path.replace('/webhooks/', '/webhook/'),
    path.replace('/webhooks/', '/webhooks%2f'),
    `/${token}`,
    `/api/v1/cards/${token}`,
    `/api/v1/cards?token=${token}`,
  ]
}

/** Keys of the command line, used rightly, almost rightly, and where no key belongs. Resolves with one that is valid. */
const useApiKeys = async ({ call, keep, installation }: PlantedCafe): Promise<string> => {
  const [owner] = await installation.cli('owner', 'create', 'Nina', 'nina@cafe.example')
  const [lena] = await installation.cli('staff', 'add', 'Lena', 'owner', '--login', 'lena@cafe.example')
  const [second] = await installation.cli('keys', 'create', String(lena?.id))
  const [third] = await installation.cli('keys', 'regenerate', String(second?.id))
  const ownerKey = keep('the owner’s API key', owner?.key)
  const former = keep('a former API key', second?.key)
  for (const key of [ownerKey, keep('a regenerated API key', third?.key)]) {
    expect((await call('/api/v1/me', { headers: bearer(key) })).status).toBe(200)
    const wrong = [bearer(`${key}x`), bearer(key.slice(0, -1)), { authorization: `Basic ${btoa(`:${key}`)}` }]
    for (const headers of [...wrong, { authorization: key }, bearer(former)])
      expect((await call('/api/v1/me', { headers })).status).toBe(401)
    await call(`/api/v1/me?api_key=${key}`)
    await call(`/api/v1/cards/${key}`, { headers: bearer(key) })
    for (const body of [...MALFORMED, { phone: 'nobody' }]) await call('/api/v1/customers', posted(body, bearer(key)))
    await call('/api/v1/customers', posted('phone=1', { ...bearer(key), 'content-type': 'text/plain' }))
  }
  return ownerKey
}

/** Secrets of outgoing webhooks, made in each way. Their receiver answers nothing but errors. */
const subscribe = async ({ call, keep, installation }: PlantedCafe, ownerKey: string): Promise<WebhookReceiver> => {
  const receiver = await openReceiver()
  receiver.answerWith({ status: 500 })
  const [added] = await installation.cli('webhooks', 'add', receiver.url)
  keep('the secret of a webhook', added?.secret)
  const [rotated] = await installation.cli('webhooks', 'rotate', String(added?.id))
  keep('the rotated secret of a webhook', rotated?.secret)
  const once = { ...bearer(ownerKey), 'idempotency-key': 'once' }
  for (const isRepeated of [false, true]) {
    const made = await call('/api/v1/webhooks', posted({ url: receiver.url }, once))
    expect(made.headers.has('idempotent-replayed')).toBe(isRepeated)
    keep('the secret of a webhook made over the API', (await jsonOf(made)).secret)
  }
  return receiver
}

interface Counter {
  readonly pin: string
  readonly wrongPin: string
  readonly voucherNumber: string
  readonly customerId: string
  readonly ownerKey: string
  /** Makes a link that opens a device which asks for a PIN. */
  linkDevice(): Promise<string>
}

/** A location with a cashier, and a customer with a voucher. */
const openCounter = async ({ call, keep, installation }: PlantedCafe, ownerKey: string): Promise<Counter> => {
  const make = async (path: string, body: object) => jsonOf(await call(path, posted(body, bearer(ownerKey))))
  const pin = keep('the PIN of a cashier', '730926')
  await make('/api/v1/staff', { name: 'Ann', role: 'cashier', pin })
  await make('/api/v1/staff', { name: 'Bea', role: 'cashier', pin })
  await make('/api/v1/staff', { name: 'Bea', role: 'waiter', pin })
  const location = await make('/api/v1/locations', { name: 'Podil' })
  const customer = await make('/api/v1/customers', { phone: '+380671112233', name: 'Taras' })
  const cake = { title: 'A cake on us', validity: { kind: 'days', days: 30 } }
  const voucher = await make('/api/v1/vouchers', { customer_id: customer.id, ...cake })
  return {
    ...{ pin, wrongPin: keep('a PIN of nobody', '619283'), ownerKey },
    ...{ voucherNumber: String(voucher.number), customerId: String(customer.id) },
    linkDevice: async () => {
      const [link] = await installation.cli('staff', 'link', '--location', String(location.id), '--shared')
      return keep('the token of a device’s link', link?.token)
    },
  }
}

const redeemInTelegram = async (
  { telegram }: PlantedCafe,
  { pin, wrongPin, voucherNumber, linkDevice }: Counter,
): Promise<void> => {
  const device = telegram.user(700, { language_code: 'en' })
  device.says(`/start ${await linkDevice()}`)
  await waitForMessages(device.sees, 1)
  device.says(voucherNumber)
  const [found] = await waitForMessages(device.sees, 1, 1)
  device.presses(found?.messageId ?? 0, 'Redeem')
  await waitForMessages(device.sees, 1, 2)
  device.says(wrongPin)
  await waitForMessages(device.sees, 1, 3)
  device.says(pin)
  const [opened] = await waitForMessages(device.sees, 1, 4)
  expect(opened?.text).toContain('Hello Ann')
}

const newVisitor = async ({ call, keep }: PlantedCafe): Promise<string> =>
  keep('a visitor’s bearer', (await jsonOf(await call('/try/visitors', posted({})))).token)

/** A visitor of the web chat does something, and is answered. */
const say = async (cafe: PlantedCafe, visitor: string, input: object): Promise<void> => {
  const message = { id: randomBytes(6).toString('hex'), input, language: 'en' }
  const answers = async () => (await readStream(cafe, visitor)).split('"kind":"message"').length
  const before = await answers()
  expect((await cafe.call('/try/messages', posted(message, bearer(visitor)))).status).toBe(202)
  await vi.waitFor(async () => expect(await answers()).toBeGreaterThan(before), SOON)
}

const redeemInWebChat = async (cafe: PlantedCafe, counter: Counter): Promise<void> => {
  const visitor = await newVisitor(cafe)
  await say(cafe, visitor, { kind: 'start', payload: await counter.linkDevice() })
  await say(cafe, visitor, { kind: 'text', text: counter.voucherNumber })
  const [, action] = /"label":"Redeem","action":"([^"]+)"/.exec(await readStream(cafe, visitor)) ?? []
  await say(cafe, visitor, { kind: 'action', action, label: 'Redeem' })
  await say(cafe, visitor, { kind: 'text', text: counter.wrongPin })
  await say(cafe, visitor, { kind: 'text', text: counter.pin })
  expect(await readStream(cafe, visitor)).toContain('Hello Ann')
}

/** One-time links, used, used again, and never used; a visitor who is known by a wrong bearer. */
const openLinks = async (cafe: PlantedCafe, { ownerKey, customerId }: Counter): Promise<void> => {
  const { call, keep, installation, web } = cafe
  const [link] = await installation.cli('link', 'customer', OLENA.id)
  const token = keep('the token of a customer’s link', link?.token)
  const links = await jsonOf(await call(`/api/v1/customers/${customerId}/links`, posted({}, bearer(ownerKey))))
  const unused = keep('the token of a link made over the API', paramIn(links.web, 'start'))
  const visitor = await newVisitor(cafe)
  for (const payload of [`${token}x`, token, token, paramIn(web.staffLink, 'start')])
    await say(cafe, visitor, { kind: 'start', payload })
  await say(cafe, visitor, { kind: 'text', text: `/start ${unused}` })
  const olena = cafe.telegram.user(501, { language_code: 'uk' })
  olena.says(`/start ${token}`)
  await waitForMessages(olena.sees, 1)
  await call(`/try?start=${unused}`)
  await call('/try/messages', posted({}, bearer(`${visitor}x`)))
  await call('/try/messages', posted('{', bearer(visitor)))
  await call(`/try/stream?token=${visitor}`)
  await call(`/try/${visitor}`)
}

const openSetupPage = async ({ call, keep, web }: PlantedCafe): Promise<void> => {
  const origin = { origin: web.url }
  const token = paramIn(web.setupLink, 'setup')
  await call(`/?setup=${token}`)
  await call('/setup/sessions', posted({ token: `${token}x` }, origin))
  const opened = await call('/setup/sessions', posted({ token }, origin))
  const [cookie = ''] = opened.headers.get('set-cookie')?.split(';') ?? []
  keep('a session of the setup page', cookie.split('=')[1])
  expect((await call('/setup/state', { headers: { cookie } })).status).toBe(200)
  await call('/setup/sessions', posted({ token }, origin))
}

/** Whoever stands before Telegram says the bot's token back; then nobody answers. The receiver has nothing but errors. */
const failToSend = async ({ web, telegram, call }: PlantedCafe, receiver: WebhookReceiver): Promise<void> => {
  const olena = telegram.user(501, { language_code: 'uk' })
  const description = `Not Found: no method /bot${telegram.token}/sendMessage`
  for (const code of [400, 401, 500]) {
    telegram.fault({ kind: 'refuse', code, description }, { method: 'sendMessage', times: 1 })
    olena.says('/help')
  }
  await vi.waitFor(() => expect(telegram.pendingUpdates()).toBe(0), SOON)
  await tell(web, stampAdded(OLENA, 1))
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(1), SOON)
  await telegram.goAway()
  await tell(web, stampAdded(OLENA, 2))
  await vi.waitFor(async () => expect((await call('/readyz')).status).toBe(200), SOON)
}
