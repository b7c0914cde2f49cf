import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Config, readConfig } from '../../src/config.js'
import { AppError } from '../../src/errors.js'

const LOGO = Buffer.from('a picture')
const KEY_BYTES = Buffer.alloc(32, 7)
const KEY = KEY_BYTES.toString('base64')
const BOT_TOKEN = '123456789:AAbbCC-dd_ee'
const VAPID_PUBLIC_KEY = Buffer.alloc(65, 4).toString('base64url')
const VAPID_PRIVATE_KEY = Buffer.alloc(32, 4).toString('base64url')

const read = (env: Record<string, string | undefined> = {}): Config =>
  readConfig(env, {
    workingDir: '/srv/stampcast',
    timeZone: 'Europe/Lisbon',
    readFile: (file) => {
      if (file === '/srv/stampcast/logo.png') return LOGO
      if (file === '/srv/stampcast/huge.png') return Buffer.alloc(600 * 1024)
      throw new Error(`ENOENT: ${file}`)
    },
  })

const refusalOf = (env: Record<string, string | undefined>): AppError => {
  try {
    read(env)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('with nothing set', () => {
  test('one process on this machine, with SQLite, demo data and no messenger', () => {
    const { business, ...rest } = read()
    expect(rest).toEqual({
      production: false,
      logLevel: 'info',
      demo: true,
      dataDir: '/srv/stampcast/data',
      http: { host: '127.0.0.1', port: 3000, publicUrl: null },
      run: { role: 'all', queue: { kind: 'in_process' } },
      aliveFile: null,
      database: { kind: 'sqlite', file: '/srv/stampcast/data/stampcast.sqlite' },
      masterKey: { source: 'file', file: '/srv/stampcast/data/master.key' },
      formerMasterKey: null,
      webhooks: { allowPrivate: false },
      sevenstamp: { webhookToken: null, cardLink: null },
      sevenstampApi: { mode: 'off' },
      telegram: { mode: 'off' },
      web: { mode: 'off' },
      viber: { mode: 'off' },
      whatsapp: { mode: 'off' },
      sevenloc: { mode: 'off' },
      email: { mode: 'off' },
      push: { mode: 'off' },
    })
    expect(business).toMatchObject({
      name: null,
      language: 'en',
      timeZone: 'Europe/Lisbon',
      currency: 'EUR',
      logo: null,
    })
  })

  test('an empty or blank variable counts as unset', () => {
    const blank = Object.fromEntries(variablesOfTheExample().map((name) => [name, '  ']))
    expect(read(blank)).toEqual(read())
  })

  test('nobody can change it afterwards', () => {
    const config: { http: { port: number } } = read()
    expect(() => {
      config.http.port = 1
    }).toThrow(TypeError)
  })
})

describe('in production', () => {
  test('it listens for others, without demo data', () => {
    const config = read({ NODE_ENV: 'production', MASTER_KEY: KEY })
    expect(config).toMatchObject({ production: true, demo: false, http: { host: '0.0.0.0' } })
  })

  test('demo data comes if it is asked for', () => {
    expect(read({ NODE_ENV: 'production', MASTER_KEY: KEY, DEMO: '1' }).demo).toBe(true)
  })

  test('webhooks may go to this network where somebody develops, and not in production', () => {
    expect(read().webhooks).toEqual({ allowPrivate: false })
    expect(read({ ALLOW_PRIVATE_WEBHOOKS: '1' }).webhooks).toEqual({ allowPrivate: true })
    const production = { NODE_ENV: 'production', MASTER_KEY: KEY }
    expect(read({ ...production, ALLOW_PRIVATE_WEBHOOKS: '0' }).webhooks).toEqual({ allowPrivate: false })
    expect(refusalOf({ ...production, ALLOW_PRIVATE_WEBHOOKS: '1' }).message).toContain('is for development')
  })

  test('it needs a master key', () => {
    expect(refusalOf({ NODE_ENV: 'production' }).message).toBe(
      'The setting MASTER_KEY is missing: production asks for it; make one with "openssl rand -base64 32" and keep it ' +
        'safe. Change it in .env or in the environment.',
    )
  })
})

describe('several processes', () => {
  test('share a queue on Redis', () => {
    const { run, database } = read({ ROLE: 'worker', REDIS_URL: 'redis://localhost:6379' })
    expect(run).toEqual({ role: 'worker', queue: { kind: 'redis', url: 'redis://localhost:6379' } })
    expect(database.kind).toBe('sqlite')
  })

  test('or on PostgreSQL', () => {
    const url = 'postgres://u:p@db/stampcast'
    const { run, database } = read({ ROLE: 'web', DATABASE_URL: url, MASTER_KEY: KEY })
    expect(run).toEqual({ role: 'web', queue: { kind: 'postgres', url } })
    expect(database).toEqual({ kind: 'postgres', url })
  })

  test('Redis goes before PostgreSQL as the queue', () => {
    const env = { DATABASE_URL: 'postgresql://db/s', REDIS_URL: 'rediss://:pw@cache:6380/2', MASTER_KEY: KEY }
    expect(read(env).run.queue.kind).toBe('redis')
  })

  test('Redis may be Sentinels or a Cluster', () => {
    expect(read({ REDIS_URL: 'redis+sentinel://a:26379,b:26379/main' }).run.queue.kind).toBe('redis')
    expect(read({ REDIS_URL: 'redis+cluster://a:6379,b:6379' }).run.queue.kind).toBe('redis')
  })

  test('cannot share a queue that lives in one of them', () => {
    expect(refusalOf({ ROLE: 'web' }).fields).toEqual([
      { field: 'REDIS_URL', message: expect.stringContaining('ROLE=web') },
    ])
  })

  test('on PostgreSQL share a master key', () => {
    expect(refusalOf({ DATABASE_URL: 'postgres://db/s' }).fields).toEqual([
      { field: 'MASTER_KEY', message: expect.stringContaining('all processes on one PostgreSQL share it') },
    ])
  })
})

describe('Telegram', () => {
  test('a token alone turns polling on', () => {
    expect(read({ TELEGRAM_BOT_TOKEN: BOT_TOKEN }).telegram).toEqual({
      mode: 'polling',
      token: BOT_TOKEN,
      apiRoot: 'https://api.telegram.org',
      messagesPerSec: 25,
    })
  })

  test('a webhook has the address that Telegram calls', () => {
    const env = { TELEGRAM_MODE: 'webhook', TELEGRAM_BOT_TOKEN: BOT_TOKEN, PUBLIC_URL: 'https://bot.example.com/' }
    expect(read(env).telegram).toMatchObject({ mode: 'webhook', publicUrl: 'https://bot.example.com' })
  })

  test('a webhook without an address is refused', () => {
    const env = { TELEGRAM_MODE: 'webhook', TELEGRAM_BOT_TOKEN: BOT_TOKEN }
    expect(refusalOf(env).fields.map(({ field }) => field)).toEqual(['PUBLIC_URL'])
  })

  test('the real Telegram cannot call this machine, a Bot API server beside us can', () => {
    const env = { TELEGRAM_MODE: 'webhook', TELEGRAM_BOT_TOKEN: BOT_TOKEN, PUBLIC_URL: 'http://localhost:3000' }
    expect(refusalOf(env).message).toContain('PUBLIC_URL must be an https address')
    expect(read({ ...env, TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' }).telegram).toMatchObject({
      apiRoot: 'http://127.0.0.1:8081',
    })
  })

  test('can be switched off with the token left in place', () => {
    expect(read({ TELEGRAM_MODE: 'off', TELEGRAM_BOT_TOKEN: BOT_TOKEN }).telegram).toEqual({ mode: 'off' })
  })
})

describe('the other connections', () => {
  test.for<[keyof Config, Record<string, string>, object]>([
    [
      'sevenstamp',
      { SEVENSTAMP_WEBHOOK_TOKEN: 'a_token-of-16-ch', SEVENSTAMP_CARD_LINK: 'https://7stamp.com/c/1?a=b' },
      { webhookToken: 'a_token-of-16-ch', cardLink: 'https://7stamp.com/c/1?a=b' },
    ],
    [
      'sevenstampApi',
      { SEVENSTAMP_API_ROOT: 'https://api.example.com/v1/', SEVENSTAMP_API_KEY: 'key' },
      { mode: 'on', apiRoot: 'https://api.example.com/v1', apiKey: 'key' },
    ],
    ['viber', { VIBER_AUTH_TOKEN: 't' }, { mode: 'on', authToken: 't', apiRoot: 'https://chatapi.viber.com/pa' }],
    [
      'whatsapp',
      { WHATSAPP_MODE: 'web', CHROMIUM_PATH: '/usr/bin/chromium' },
      { mode: 'web', chromiumPath: '/usr/bin/chromium' },
    ],
    [
      'whatsapp',
      {
        WHATSAPP_CLOUD_TOKEN: 't',
        WHATSAPP_CLOUD_PHONE_NUMBER_ID: '1',
        WHATSAPP_CLOUD_APP_SECRET: 's',
        WHATSAPP_CLOUD_VERIFY_TOKEN: 'v',
      },
      {
        mode: 'cloud',
        token: 't',
        phoneNumberId: '1',
        appSecret: 's',
        verifyToken: 'v',
        apiRoot: 'https://graph.facebook.com/v23.0',
      },
    ],
    [
      'sevenloc',
      { SEVENLOC_API_ROOT: 'https://7loc.example', SEVENLOC_API_KEY: 'k' },
      { mode: 'on', apiRoot: 'https://7loc.example', apiKey: 'k' },
    ],
    [
      'email',
      { SMTP_URL: 'smtps://u:p@mail.example.com', MAIL_FROM: 'Café <news@example.com>' },
      { mode: 'on', smtpUrl: 'smtps://u:p@mail.example.com', from: 'Café <news@example.com>' },
    ],
    [
      'push',
      { VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY },
      { mode: 'on', publicKey: VAPID_PUBLIC_KEY, privateKey: VAPID_PRIVATE_KEY },
    ],
    ['business', { BUSINESS_LOGO: 'logo.png' }, { logo: `data:image/png;base64,${LOGO.toString('base64')}` }],
    [
      'business',
      { BUSINESS_LANGUAGE: 'PT-br', BUSINESS_CURRENCY: 'uah', BUSINESS_COLOR: '#00AAff' },
      { language: 'pt-BR', currency: 'UAH', color: '#00aaff' },
    ],
  ])('%s from %o', ([section, env, expected]) => {
    expect(read(env)[section]).toMatchObject(expected)
  })

  test.for<[Record<string, string>, string[]]>([
    [{ SEVENSTAMP_API_ROOT: 'https://a.example' }, ['SEVENSTAMP_API_KEY']],
    [{ SEVENSTAMP_API_KEY: 'k' }, ['SEVENSTAMP_API_ROOT']],
    [{ SEVENLOC_API_KEY: 'k' }, ['SEVENLOC_API_ROOT']],
    [{ SMTP_URL: 'smtp://m' }, ['MAIL_FROM']],
    [{ MAIL_FROM: 'a@b.example' }, ['SMTP_URL']],
    [{ VAPID_PUBLIC_KEY }, ['VAPID_PRIVATE_KEY']],
    [{ TELEGRAM_MODE: 'polling' }, ['TELEGRAM_BOT_TOKEN']],
    [
      { WHATSAPP_CLOUD_TOKEN: 't' },
      ['WHATSAPP_CLOUD_PHONE_NUMBER_ID', 'WHATSAPP_CLOUD_APP_SECRET', 'WHATSAPP_CLOUD_VERIFY_TOKEN'],
    ],
  ])('set by half, %o, they name what is missing', ([env, missing]) => {
    expect(refusalOf(env).fields.map(({ field }) => field)).toEqual(missing)
  })
})

describe('a wrong value', () => {
  test.for<[string, string]>([
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['PORT', '-1'],
    ['PORT', '0x50'],
    ['PUBLIC_URL', 'http://bot.example.com'],
    ['PUBLIC_URL', 'bot.example.com'],
    ['ROLE', 'All'],
    ['DATABASE_URL', 'mysql://db/stampcast'],
    ['DATABASE_URL', './stampcast.sqlite'],
    ['REDIS_URL', 'localhost:6379'],
    ['MASTER_KEY', 'short'],
    ['MASTER_KEY', Buffer.alloc(31).toString('base64')],
    ['MASTER_KEY', 'g'.repeat(64)],
    ['LOG_LEVEL', 'verbose'],
    ['DEMO', 'maybe'],
    ['DEMO', 'constructor'],
    ['BUSINESS_LANGUAGE', 'english language'],
    ['BUSINESS_TIMEZONE', 'Kyiv'],
    ['BUSINESS_TIMEZONE', '+03:00'],
    ['BUSINESS_CURRENCY', '€'],
    ['BUSINESS_COLOR', 'brown'],
    ['BUSINESS_LOGO', 'missing.png'],
    ['BUSINESS_LOGO', 'huge.png'],
    ['BUSINESS_LOGO', 'logo.gif'],
    ['BUSINESS_PRIVACY_URL', 'javascript:alert(1)'],
    ['SEVENSTAMP_WEBHOOK_TOKEN', 'guessable'],
    ['SEVENSTAMP_CARD_LINK', '/card'],
    ['TELEGRAM_MODE', 'poling'],
    ['TELEGRAM_BOT_TOKEN', 'AAbbCC'],
    ['WHATSAPP_MODE', 'on'],
  ])('of %s is refused: %s', ([variable, text]) => {
    const refusal = refusalOf({ [variable]: text, ...(variable === 'DATABASE_URL' && { MASTER_KEY: KEY }) })
    expect(refusal.code).toBe('misconfigured')
    expect(refusal.fields.map(({ field }) => field)).toEqual([variable])
    expect(refusal.fields[0]?.message).toMatch(/^(must|does not)/)
  })

  test('all of them are named at once, with what only their combination makes wrong', () => {
    const { message, fields } = refusalOf({
      PORT: 'http',
      BUSINESS_COLOR: 'red',
      ROLE: 'worker',
      NODE_ENV: 'production',
      TELEGRAM_MODE: 'webhook',
      PUBLIC_URL: 'ftp://x',
    })
    expect(fields.map(({ field }) => field)).toEqual([
      'PORT',
      'PUBLIC_URL',
      'REDIS_URL',
      'MASTER_KEY',
      'BUSINESS_COLOR',
      'TELEGRAM_BOT_TOKEN',
    ])
    expect(message.split('\n')).toHaveLength(1 + fields.length)
    expect(message).toContain('- PORT must be a whole number from 0 to 65535\n')
  })

  test('is never repeated, since it may be a secret put into the wrong place', () => {
    const secret = 'tr0ub4dor&3'
    const everything = Object.fromEntries(variablesOfTheExample().map((name) => [name, secret]))
    const { message, fields } = refusalOf(everything)
    expect(fields.length).toBeGreaterThan(20)
    expect(message).not.toContain(secret)
    expect(JSON.stringify(fields)).not.toContain(secret)
  })
})

test.for([
  ['base64', KEY],
  ['base64 without padding', KEY.replace('=', '')],
  ['base64url', KEY_BYTES.toString('base64url')],
  ['hex', KEY_BYTES.toString('hex')],
])('the master key may come as %s', ([, text]) => {
  const { masterKey } = read({ MASTER_KEY: text })
  expect(masterKey.source === 'environment' && masterKey.key.export()).toEqual(KEY_BYTES)
})

test('the master key does not show when the configuration is printed', () => {
  expect(JSON.stringify(read({ MASTER_KEY: KEY }))).not.toContain(KEY)
})

/** The names in .env.example, whether set or commented out. */
const variablesOfTheExample = (): string[] =>
  [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? '')

test('.env.example explains every variable', () => {
  const sources = ['server', 'connections'].map((file) => readFileSync(`src/config/${file}.ts`, 'utf8')).join()
  const read = new Set([...sources.matchAll(/\b([A-Z][A-Z0-9]*_?[A-Z0-9_]*):/g)].map((match) => match[1] ?? ''))
  expect(read.size).toBeGreaterThan(35)
  expect(variablesOfTheExample().toSorted()).toEqual([...read].toSorted())
})

describe('the sites that may show the web chat', () => {
  test.each([
    ['https://www.example.com', ['https://www.example.com']],
    ['https://www.example.com, https://EXAMPLE.com/,', ['https://www.example.com', 'https://example.com']],
    ['https://example.com,https://example.com:443', ['https://example.com']],
    ['https://кавʼярня.example', ['https://xn--mqa75ega4asr8hc.example']],
    ['http://localhost:8080,http://127.0.0.1:8081', ['http://localhost:8080', 'http://127.0.0.1:8081']],
  ])('%s', (text, allowedOrigins) => {
    expect(read({ WEB_ALLOWED_ORIGINS: text }).web).toEqual({ mode: 'on', allowedOrigins })
  })

  test.each([
    'example.com',
    'http://example.com',
    'https://example.com/shop',
    'https://example.com?a=1',
    'https://user@example.com',
    'https://*.example.com',
    'https://example.com https://other.example',
    '*',
    ',',
  ])('are refused as %s, with what to write', (text) => {
    expect(refusalOf({ WEB_ALLOWED_ORIGINS: text }).message).toContain('WEB_ALLOWED_ORIGINS must be https origins')
  })
})
