import { AppError } from '../errors.js'

/** Where a Redis is: one server, the master that Sentinels name, or a Cluster. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  | ({ readonly kind: 'sentinel'; readonly name: string; readonly db: number } & Nodes)
  | ({ readonly kind: 'cluster' } & Nodes)

interface Nodes {
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  readonly username?: string
  readonly password?: string
  readonly tls: boolean
}

const MANY_HOSTS =
  /^redis(?<tls>s?)\+(?<kind>sentinel|cluster):\/\/(?:(?<login>[^@/]*)@)?(?<hosts>[^/@]+)(?:\/(?<path>.*))?$/
const HOST = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:[\]]+))(?::(?<port>\d+))?$/
const DEFAULT_PORTS = { sentinel: 26379, cluster: 6379 }

/**
 * Reads `redis://host:6379/0` (or `rediss://` for TLS), `redis+sentinel://host:26379,host:26379/name/0`, and
 * `redis+cluster://host:6379,host:6379`, each with `user:password@` before the hosts if needed. Throws
 * AppError('misconfigured') for anything else; the message does not repeat the password.
 */
export const readRedisUrl = (url: string): RedisAddress => {
  if (/^rediss?:\/\/[^/]/.test(url) && URL.canParse(url)) return { kind: 'single', url }
  const parts = MANY_HOSTS.exec(url)?.groups
  const nodes = parts?.hosts
    ?.split(',')
    .map((host) => readHost(host, parts.kind === 'cluster' ? 'cluster' : 'sentinel'))
  if (!parts || !nodes) throw malformed()
  const common = { nodes, tls: parts.tls === 's', ...readLogin(parts.login) }
  if (parts.kind === 'cluster') return { kind: 'cluster', ...common }
  const [name, db = '0'] = parts.path?.split('/') ?? []
  if (!name || !/^\d+$/.test(db)) throw malformed()
  return { kind: 'sentinel', name: decodeURIComponent(name), db: Number(db), ...common }
}

const readHost = (text: string, kind: keyof typeof DEFAULT_PORTS): { host: string; port: number } => {
  const parts = HOST.exec(text)?.groups
  const host = parts?.v6 ?? parts?.name
  if (!host) throw malformed()
  return { host, port: Number(parts?.port ?? DEFAULT_PORTS[kind]) }
}

const readLogin = (login: string | undefined): { username?: string; password?: string } => {
  if (!login) return {}
  const colon = login.indexOf(':')
  const username = decodeURIComponent(colon < 0 ? login : login.slice(0, colon))
  const password = colon < 0 ? '' : decodeURIComponent(login.slice(colon + 1))
  return { ...(username && { username }), ...(password && { password }) }
}

const malformed = (): AppError =>
  new AppError(
    'misconfigured',
    'REDIS_URL must look like redis://host:6379, redis+sentinel://host:26379,host:26379/name or redis+cluster://host:6379',
  )
