import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { onTestFinished, vi } from 'vitest'
import type { Program, WebProgram } from '../support/program.js'
import { startRedis } from '../support/redis-server.js'
import type { Place, Secret } from '../support/secret-search.js'
import { freePort } from '../support/server-process.js'
import { type Cafe, openCafe, SOON } from './open-cafe.js'

/** A café whose every setting is a secret that is known again, served by a web process and a worker. */
export interface PlantedCafe extends Cafe {
  readonly web: WebProgram
  readonly worker: Program
  /** Calls the web process; refusals are kept. */
  call(path: string, init?: RequestInit): Promise<Response>
  /** Remembers a secret that the program has made, and gives it back. */
  keep(name: string, text: unknown): string
  readonly secrets: readonly Secret[]
  readonly refusals: readonly string[]
  /** What is in Redis now, and all that was ever sent to it. */
  inRedis(): Promise<readonly Place[]>
}

/** Nobody's by chance. */
const planted = (label: string): string => `${label}-${randomBytes(18).toString('base64url')}`

/** As its environment names them. */
const plantSettings = (redisPassword: string, smtpPassword: string) => {
  const masterKey = randomBytes(32)
  const secret = {
    MASTER_KEY: masterKey.toString('base64'),
    SEVENSTAMP_WEBHOOK_TOKEN: planted('inbox'),
    SEVENSTAMP_API_KEY: planted('sevenstamp'),
    SEVENLOC_API_KEY: planted('sevenloc'),
    VIBER_AUTH_TOKEN: planted('viber'),
    WHATSAPP_CLOUD_TOKEN: planted('whatsapp'),
    WHATSAPP_CLOUD_APP_SECRET: planted('whatsapp-app'),
    WHATSAPP_CLOUD_VERIFY_TOKEN: planted('whatsapp-verify'),
    VAPID_PRIVATE_KEY: randomBytes(32).toString('base64url'),
  }
  const open = {
    SEVENSTAMP_API_ROOT: 'http://127.0.0.1:1',
    SEVENLOC_API_ROOT: 'http://127.0.0.1:1',
    WHATSAPP_MODE: 'cloud',
    WHATSAPP_CLOUD_PHONE_NUMBER_ID: '100200300',
    SMTP_URL: `smtp://news:${smtpPassword}@127.0.0.1:1`,
    MAIL_FROM: 'news@cafe.example',
    VAPID_PUBLIC_KEY: randomBytes(65).toString('base64url'),
  }
  const secrets: Secret[] = [
    ...Object.entries(secret).map(([name, text]) => ({ name, text })),
    { name: 'MASTER_KEY in hex', text: masterKey.toString('hex') },
    { name: 'MASTER_KEY in base64url', text: masterKey.toString('base64url') },
    { name: 'the password in REDIS_URL', text: redisPassword },
    { name: 'the password in SMTP_URL', text: smtpPassword },
  ]
  return { env: { ...secret, ...open }, secrets }
}

/** Ends with the test. */
export const openPlantedCafe = async (): Promise<PlantedCafe> => {
  const password = planted('redis')
  const user = ['--user', 'cafe', 'on', `>${password}`, '~*', '&*', '+@all']
  const server = await startRedis(['--rdbcompression', 'no', ...user])
  onTestFinished(() => server.close())
  const inRedis = await watchRedis(server.port)
  const { env, secrets } = plantSettings(password, planted('smtp'))
  const port = String(await freePort())
  const cafe = await openCafe({
    redisUrl: `redis://cafe:${password}@127.0.0.1:${server.port}`,
    env: {
      ...env,
      LOG_LEVEL: 'debug',
      ALLOW_PRIVATE_WEBHOOKS: '1',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TELEGRAM_MODE: 'webhook',
    },
  })
  secrets.push(
    { name: 'TELEGRAM_BOT_TOKEN', text: cafe.telegram.token },
    { name: 'the secret part of TELEGRAM_BOT_TOKEN', text: cafe.telegram.token.split(':')[1] ?? '' },
  )
  const web = await cafe.installation.start({ role: 'web' })
  const worker = await cafe.installation.startWorker()
  const refusals: string[] = []
  return {
    ...cafe,
    web,
    worker,
    secrets,
    refusals,
    inRedis,
    keep: (name, text) => {
      if (typeof text !== 'string' || text.length < 6) throw new Error(`no ${name} was made`)
      secrets.push({ name, text })
      return text
    },
    call: async (path, init = {}) => {
      const answer = await fetch(`${web.url}${path}`, { redirect: 'manual', ...init })
      if (!answer.ok) refusals.push(`${JSON.stringify([...answer.headers])}${await answer.clone().text()}`)
      return answer
    },
  }
}

const watchRedis = async (port: number): Promise<PlantedCafe['inRedis']> => {
  const redis = new Redis(port)
  const monitor = await redis.monitor()
  onTestFinished(() => {
    monitor.disconnect()
    redis.disconnect()
  })
  const sent: string[] = []
  monitor.on('monitor', (_time: string, args: readonly string[]) => sent.push(args.join(' ')))
  return async () => {
    const places: Place[] = [{ name: 'what was sent to Redis', bytes: Buffer.from(sent.join('\n')) }]
    for await (const keys of redis.scanStream() as AsyncIterable<readonly string[]>)
      for (const key of keys) {
        const value = (await redis.dumpBuffer(key)) ?? Buffer.alloc(0)
        places.push({ name: `Redis: ${key}`, bytes: Buffer.concat([Buffer.from(`${key}\n`), value]) })
      }
    return places
  }
}

export const posted = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** The parameter of an address. */
export const paramIn = (address: unknown, name: string): string | null =>
  new URL(String(address)).searchParams.get(name)

/** What the program has asked Telegram to post to it, and where. */
export const telegramWebhook = ({ telegram }: Cafe): Promise<{ readonly path: string; readonly secret: string }> =>
  vi.waitFor(() => {
    const registered = telegram.calls.find(({ method }) => method === 'setWebhook')
    if (!registered) throw new Error('the webhook is not registered yet')
    return { path: new URL(String(registered.params.url)).pathname, secret: String(registered.params.secret_token) }
  }, SOON)

/** What a visitor's page is shown, as far as it has come. */
export const readStream = async ({ web }: PlantedCafe, visitor: string): Promise<string> => {
  const end = new AbortController()
  const answer = await fetch(`${web.url}/try/stream`, { headers: bearer(visitor), signal: end.signal })
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes('event: ready')) break
  }
  end.abort()
  return text
}
