import path from 'node:path'
import { z } from 'zod'
import * as value from './values.js'

/** What the machine says where the environment is silent. */
export interface Machine {
  readonly workingDir: string
  /** IANA name. */
  readonly timeZone: string
  /** Throws when the file cannot be read. */
  readFile(file: string): Buffer
}

/** How this process runs: its role, where it listens, and where it keeps things. */
export const serverSections = (machine: Machine) => ({
  production: z.object({ NODE_ENV }).transform((v) => v.NODE_ENV),
  logLevel: z
    .object({ LOG_LEVEL: value.oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info') })
    .transform((v) => v.LOG_LEVEL),
  demo: z.object({ NODE_ENV, DEMO: value.flag.optional() }).transform((v) => v.DEMO ?? !v.NODE_ENV),
  dataDir: z.object({ DATA_DIR: dataDir(machine) }).transform((v) => v.DATA_DIR),
  http,
  run,
  aliveFile: z.object({ ALIVE_FILE: z.string().optional() }).transform((v) => v.ALIVE_FILE ?? null),
  database: database(machine),
  masterKey: masterKey(machine),
  formerMasterKey: z
    .object({ MASTER_KEY_OLD: value.masterKey.optional() })
    .transform(({ MASTER_KEY_OLD }) => MASTER_KEY_OLD ?? null),
  webhooks,
  business: business(machine),
})

/** True in production. */
const NODE_ENV = z
  .string()
  .optional()
  .transform((name) => name === 'production')

/** Whoever may subscribe could otherwise have this server knock at everything behind its firewall. */
const webhooks = z.object({ NODE_ENV, ALLOW_PRIVATE_WEBHOOKS: value.flag.default(false) }).transform((v, context) => {
  if (!v.NODE_ENV || !v.ALLOW_PRIVATE_WEBHOOKS) return { allowPrivate: v.ALLOW_PRIVATE_WEBHOOKS }
  const message = 'is for development: take it away, or NODE_ENV=production'
  context.addIssue({ code: 'custom', path: ['ALLOW_PRIVATE_WEBHOOKS'], message })
  return z.NEVER
})

const dataDir = (machine: Machine) =>
  z
    .string()
    .default('data')
    .transform((folder) => path.resolve(machine.workingDir, folder))

const http = z
  .object({
    NODE_ENV,
    HOST: z.string().optional(),
    PORT: value.wholeNumber(0, 65_535).default(3000),
    PUBLIC_URL: value.publicAddress.optional(),
  })
  .transform((v) => ({
    host: v.HOST ?? (v.NODE_ENV ? '0.0.0.0' : '127.0.0.1'),
    port: v.PORT,
    publicUrl: v.PUBLIC_URL ?? null,
  }))

/** Roles other than `all` meet in a queue that their processes share. */
const run = z
  .object({
    ROLE: value.oneOf('all', 'web', 'worker').default('all'),
    REDIS_URL: value.redisAddress.optional(),
    DATABASE_URL: z.string().optional(),
  })
  .transform(({ ROLE: role, REDIS_URL, DATABASE_URL }, context) => {
    if (REDIS_URL) return { role, queue: { kind: 'redis' as const, url: REDIS_URL } }
    if (DATABASE_URL) return { role, queue: { kind: 'postgres' as const, url: DATABASE_URL } }
    if (role === 'all') return { role, queue: { kind: 'in_process' as const } }
    const message = `is missing: with ROLE=${role} the processes need a queue to share, on Redis or (DATABASE_URL) on PostgreSQL`
    context.addIssue({ code: 'custom', path: ['REDIS_URL'], message })
    return z.NEVER
  })

const database = (machine: Machine) =>
  z
    .object({ DATABASE_URL: value.postgresAddress.optional(), DATA_DIR: dataDir(machine) })
    .transform((v) =>
      v.DATABASE_URL
        ? { kind: 'postgres' as const, url: v.DATABASE_URL }
        : { kind: 'sqlite' as const, file: path.join(v.DATA_DIR, 'stampcast.sqlite') },
    )

/** A key in a file serves one machine. Where there may be several, or a container that forgets its files, it is given. */
const masterKey = (machine: Machine) =>
  z
    .object({
      NODE_ENV,
      MASTER_KEY: value.masterKey.optional(),
      DATABASE_URL: z.string().optional(),
      DATA_DIR: dataDir(machine),
    })
    .transform((v, context) => {
      if (v.MASTER_KEY) return { source: 'environment' as const, key: v.MASTER_KEY }
      if (!v.DATABASE_URL && !v.NODE_ENV) return { source: 'file' as const, file: path.join(v.DATA_DIR, 'master.key') }
      const reason = v.DATABASE_URL ? 'all processes on one PostgreSQL share it' : 'production asks for it'
      const message = `is missing: ${reason}; ${value.MAKE_A_MASTER_KEY} and keep it safe`
      context.addIssue({ code: 'custom', path: ['MASTER_KEY'], message })
      return z.NEVER
    })

const business = (machine: Machine) =>
  z
    .object({
      BUSINESS_NAME: z.string().optional(),
      BUSINESS_LANGUAGE: value.languageTag.default('en'),
      BUSINESS_TIMEZONE: value.timeZone.optional(),
      BUSINESS_CURRENCY: value.currency.default('EUR'),
      BUSINESS_LOGO: value.logo((file) => machine.readFile(path.resolve(machine.workingDir, file))).optional(),
      BUSINESS_COLOR: value.hexColor.default('#7a4a2b'),
      BUSINESS_CONTACT: z.string().optional(),
      BUSINESS_PRIVACY_URL: value.webLink.optional(),
    })
    .transform((v) => ({
      name: v.BUSINESS_NAME ?? null,
      language: v.BUSINESS_LANGUAGE,
      timeZone: v.BUSINESS_TIMEZONE ?? machine.timeZone,
      /** False while this machine's own zone stands in: another machine's must not replace it later. */
      isTimeZoneGiven: v.BUSINESS_TIMEZONE !== undefined,
      currency: v.BUSINESS_CURRENCY,
      /** A data URL. */
      logo: v.BUSINESS_LOGO ?? null,
      color: v.BUSINESS_COLOR,
      contact: v.BUSINESS_CONTACT ?? null,
      privacyUrl: v.BUSINESS_PRIVACY_URL ?? null,
    }))
