import { z } from 'zod'
import type { Config } from '../config.js'
import { type Bound, type Database, type Decision, demand } from '../db/database.js'
import { AppError } from '../errors.js'
import { hashToken, randomId, randomToken } from '../ids.js'
import type { Signals } from '../queue/signals.js'
import type { BusinessStore } from './business-store.js'
import type { BusinessRow, ConnectionKind } from './business-tables.js'
import type { ConnectionSettings, Connections } from './connections.js'
import { createInstallationStore } from './installation-store.js'
import type { Sealing } from './sealing.js'

export interface SetUpNeeds {
  readonly db: Database
  readonly store: BusinessStore
  readonly connections: Connections
  readonly sealing: Sealing
  readonly signals: Signals
  readonly config: Pick<
    Config,
    'business' | 'demo' | 'sevenstamp' | 'telegram' | 'web' | 'viber' | 'whatsapp' | 'sevenloc' | 'email' | 'push'
  >
}

export interface FirstBusiness {
  readonly id: string
  /** The secret part of the address that 7stamp posts to; every start shows the same. */
  readonly webhookToken: string
}

/**
 * The business that the environment describes. The first start creates it. A later start takes over what was changed in the
 * environment since; otherwise the database, which the console edits, stands. Two processes may do so at the same time.
 */
export const setUpFirstBusiness = async (needs: SetUpNeeds): Promise<FirstBusiness> => {
  const id = await createUnlessThere(needs)
  await takeOverEnvironment(needs, id)
  const settings = (await needs.connections.of(id)).get('sevenstamp')
  const token = z.object({ webhookToken: z.string() }).safeParse(settings)
  if (token.success) return { id, webhookToken: token.data.webhookToken }
  throw new AppError('misconfigured', 'the first business has no webhook address: set SEVENSTAMP_WEBHOOK_TOKEN')
}

const createUnlessThere = ({ db, store, connections, config }: SetUpNeeds): Promise<string> => {
  const installation = createInstallationStore(db)
  const newId = randomId('b')
  const webhookToken = config.sevenstamp.webhookToken ?? randomToken(WEBHOOK_TOKEN_LENGTH)
  return db.atomically(
    { first: installation.locked({ key: 'first_business' }) },
    ({ first: [first] }, now): Decision<string> => {
      if (first) return { writes: [], result: first.value }
      const writes = [
        demand(1, installation.add({ key: 'first_business', value: newId })),
        store.add(newBusiness(newId, config, webhookToken, now)),
        connections.save(newId, 'sevenstamp', { webhookToken }, now),
      ]
      return { writes, result: newId }
    },
  )
}

const WEBHOOK_TOKEN_LENGTH = 32

const newBusiness = (
  id: string,
  { business, demo, sevenstamp }: SetUpNeeds['config'],
  token: string,
  now: number,
): BusinessRow => ({
  id,
  name: business.name ?? (demo ? 'Demo Coffee' : 'My business'),
  language: business.language,
  timeZone: business.timeZone,
  currency: business.currency,
  logo: business.logo,
  color: business.color,
  contact: business.contact,
  privacyUrl: business.privacyUrl,
  cardLink: sevenstamp.cardLink,
  externalId: null,
  parentId: null,
  webhookTokenHash: hashToken(token),
  webhookSecret: null,
  createdAt: now,
})

/** Changes what the environment says otherwise than when it was last asked; what it never said is left alone. */
const takeOverEnvironment = async (needs: SetUpNeeds, id: string): Promise<void> => {
  const { db, store, connections, sealing, signals, config } = needs
  const installation = createInstallationStore(db)
  const settings = Object.entries(settingsIn(config)).filter(([, value]) => value !== null)
  const accounts = accountsIn(config)
  const printOf = (value: unknown) => sealing.fingerprint(JSON.stringify(value))
  const prints = Object.fromEntries([...settings, ...accounts].map(([name, value]) => [name, printOf(value)]))

  const hasChanged = await db.atomically(
    { known: installation.locked({ key: 'environment' }), business: store.locked({ id }) },
    ({ known: [known], business: [business] }, now): Decision<boolean> => {
      const knownPrints = Prints.parse(JSON.parse(known?.value ?? '{}'))
      const isNews = ([name]: readonly [string, unknown]) => prints[name] !== knownPrints[name]
      const newSettings = Object.fromEntries(settings.filter(isNews))
      const newAccounts = accounts.filter(isNews)
      if (!business || !Object.keys(prints).some((name) => isNews([name, null]))) return { writes: [], result: false }
      const writes: Bound<unknown>[] = [
        store.save({ ...business, ...newSettings }),
        ...newAccounts.map(([kind, account]) => connections.save(id, kind, account, now)),
        installation.save({ key: 'environment', value: JSON.stringify({ ...knownPrints, ...prints }) }),
      ]
      return { writes, result: true }
    },
  )
  if (hasChanged) signals.publish('business', id)
}

const Prints = z.record(z.string(), z.string())

/** What the environment says of the business itself; null where it is silent. */
const settingsIn = ({
  business,
  sevenstamp,
}: SetUpNeeds['config']): { [Name in keyof BusinessRow]?: BusinessRow[Name] } => ({
  ...(business.name === null ? {} : { name: business.name }),
  ...(business.isTimeZoneGiven ? { timeZone: business.timeZone } : {}),
  language: business.language,
  currency: business.currency,
  logo: business.logo,
  color: business.color,
  contact: business.contact,
  privacyUrl: business.privacyUrl,
  cardLink: sevenstamp.cardLink,
  webhookTokenHash: sevenstamp.webhookToken === null ? null : hashToken(sevenstamp.webhookToken),
})

/** The accounts elsewhere that the environment names. */
const accountsIn = (config: SetUpNeeds['config']): readonly Account[] => {
  const { sevenstamp, telegram, web, viber, whatsapp, sevenloc, email, push } = config
  const { webhookToken } = sevenstamp
  const accounts = [
    ['telegram', telegram],
    ['web', web],
    ['viber', viber],
    ['whatsapp', whatsapp],
    ['sevenloc', sevenloc],
    ['email', email],
    ['push', push],
  ] as const
  return [
    ...(webhookToken === null ? [] : [['sevenstamp', { webhookToken }] as const]),
    ...accounts.filter(([, { mode }]) => mode !== 'off'),
  ]
}

type Account = readonly [ConnectionKind, ConnectionSettings]
