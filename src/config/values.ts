import { createSecretKey, type KeyObject } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'

/**
 * How the text of one environment variable becomes a value. Each message goes on from the variable's name ("PORT must
 * be …") and never repeats the value, which may be a secret.
 */
const read = <Value>(parse: (text: string) => Value | undefined, message: string) =>
  z.string().transform((text, context) => {
    const value = parse(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

export const wholeNumber = (least: number, most: number) =>
  read(
    (text) => (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
    `must be a whole number from ${least} to ${most}`,
  )

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
])

export const flag = read((text) => FLAGS.get(text), 'must be 1 or 0')

export const oneOf = <const Choice extends string>(...choices: readonly Choice[]) =>
  read((text) => choices.find((choice) => choice === text), `must be one of ${choices.join(', ')}`)

/** An http(s) address without a slash at the end, ready to have a path put behind it. */
export const webAddress = read(
  (text) => withoutLastSlash(urlOf(text, 'https:', 'http:')),
  'must be an address such as https://example.com',
)

export const webLink = read((text) => urlOf(text, 'https:', 'http:')?.href, 'must be an http(s) address')

/** Where the world reaches this server: https, since it carries tokens, except on this very machine. */
export const publicAddress = read((text) => {
  const url = urlOf(text, 'https:', 'http:')
  return url?.protocol === 'https:' || isThisMachine(url?.hostname) ? withoutLastSlash(url) : undefined
}, 'must be an https address such as https://bot.example.com')

/** Sites, as the browser names them: https, so that nobody on the way can change the page around the chat. */
export const origins = read((text) => {
  const given = text.split(',').flatMap((each) => each.trim() || [])
  const read = given.map((each) => urlOf(each, 'https:', 'http:'))
  const isOrigin = (url: URL | undefined): url is URL =>
    url !== undefined &&
    url.href === `${url.origin}/` &&
    !url.hostname.includes('*') &&
    (url.protocol === 'https:' || isThisMachine(url.hostname))
  return read.length > 0 && read.every(isOrigin) ? [...new Set(read.map(({ origin }) => origin))] : undefined
}, 'must be https origins with commas between them, without paths: https://www.example.com,https://example.com')

/** `postgres:///database?host=/run/postgresql` names a socket. */
export const postgresAddress = read(
  (text) => (/^postgres(ql)?:\/\/([^/]|\/.+[?&]host=)/.test(text) && URL.canParse(text) ? text : undefined),
  'must be postgres://user:password@host:5432/database; without it the data is a SQLite file in DATA_DIR',
)

/** One server, Sentinels or a Cluster; the queue reads the hosts (`queue/redis-address.ts`). */
export const redisAddress = read(
  (text) => (/^rediss?(\+(sentinel|cluster))?:\/\/[^/]/.test(text) ? text : undefined),
  'must be redis://host:6379, redis+sentinel://host:26379,host:26379/name or redis+cluster://host:6379; rediss for TLS',
)

export const smtpAddress = read(
  (text) => urlOf(text, 'smtp:', 'smtps:') && text,
  'must be smtp://user:password@host:587 or smtps://…',
)

/** 32 bytes as 64 hexadecimal digits or as base64; undefined for anything else. */
export const parseMasterKey = (text: string): KeyObject | undefined => {
  const isHex = /^[0-9a-f]{64}$/i.test(text)
  if (!isHex && !/^[\w+/-]{43}=?$/.test(text)) return undefined
  return createSecretKey(Buffer.from(text, isHex ? 'hex' : 'base64'))
}

export const MAKE_A_MASTER_KEY = 'make one with "openssl rand -base64 32"'

export const masterKey = read(parseMasterKey, `must be 32 bytes as base64 or hex: ${MAKE_A_MASTER_KEY}`)

export const telegramToken = read(
  (text) => (/^\d+:[\w-]+$/.test(text) ? text : undefined),
  'does not look like a bot token (123456789:AA…): copy it again from @BotFather',
)

/** Part of a web address and the only thing that admits 7stamp: long enough not to be guessed. */
export const addressToken = read(
  (text) => (/^[\w-]{16,200}$/.test(text) ? text : undefined),
  'must have at least 16 letters, digits, - or _: make one with "openssl rand -hex 16"',
)

export const mailSender = read(
  (text) => (/^[^@\r\n]+@[^@\s]+$/.test(text) ? text : undefined),
  'must be a mail address such as news@example.com or "Our Café <news@example.com>"',
)

/** A key of Web Push (RFC 8292): `bytes` bytes as base64url. */
export const vapidKey = (bytes: number) =>
  read(
    (text) => (/^[\w-]+=*$/.test(text) && Buffer.from(text, 'base64url').length === bytes ? text : undefined),
    'must be a VAPID key: make a pair with "npx web-push generate-vapid-keys"',
  )

export const languageTag = read((text) => {
  try {
    return Intl.getCanonicalLocales(text)[0]
  } catch {
    return undefined
  }
}, 'must be a language tag such as en or pt-BR')

export const timeZone = read((text) => {
  if (!/^[a-z]/i.test(text)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) && text
  } catch {
    return undefined
  }
}, 'must be an IANA time zone such as Europe/Kyiv')

export const currency = read(
  (text) => Intl.supportedValuesOf('currency').find((code) => code === text.toUpperCase()),
  'must be an ISO 4217 code such as EUR',
)

export const hexColor = read(
  (text) => (/^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : undefined),
  'must be a colour as #rrggbb, in quotes where # would start a comment',
)

const LOGO_TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['svg', 'image/svg+xml'],
])
const MAX_LOGO_BYTES = 512 * 1024

/** A picture file, or a data URL: given back as a data URL. `readFile` throws where there is no such file. */
export const logo = (readFile: (path: string) => Buffer) =>
  read((text) => {
    if (/^data:image\/(png|jpeg|svg\+xml);base64,/.test(text))
      return text.length <= MAX_LOGO_BYTES * 1.4 ? text : undefined
    const type = LOGO_TYPES.get(path.extname(text).slice(1).toLowerCase())
    const picture = type === undefined ? undefined : readOrUndefined(readFile, text)
    if (picture === undefined || picture.length > MAX_LOGO_BYTES) return undefined
    return `data:${type};base64,${picture.toString('base64')}`
  }, 'must be the path of a PNG, JPEG or SVG file of at most 512 KiB that can be read')

const readOrUndefined = (readFile: (path: string) => Buffer, path: string) => {
  try {
    return readFile(path)
  } catch {
    return undefined
  }
}

const urlOf = (text: string, ...protocols: readonly string[]): URL | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url && protocols.includes(url.protocol) && url.host !== '' ? url : undefined
}

const withoutLastSlash = (url: URL | undefined) => url && `${url.origin}${url.pathname}`.replace(/\/+$/, '')

/** Whether a host name can only be reached from the very machine it is used on. */
export const isThisMachine = (hostname: string | undefined) =>
  hostname !== undefined && /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
