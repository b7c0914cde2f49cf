import { lookup, Resolver } from 'node:dns/promises'
import type { Resolved, ResolveHost } from './endpoint-client.js'

export interface ResolveHostOptions {
  /** Names of one's own network (`/etc/hosts` and the like) are known too, for development. */
  readonly knowsThisNetwork: boolean
  /** Name servers instead of the machine's own: `127.0.0.1:5353`. */
  readonly servers?: readonly string[]
}

const TRY_MS = 2_000
const TRIES = 2

/**
 * Asks name servers for all addresses of a host. The system's own `lookup` keeps one of four threads busy for as long as a
 * name server takes, so that one slow server of a stranger's would hold up everybody's files and names.
 */
export const createResolveHost = ({ knowsThisNetwork, servers }: ResolveHostOptions): ResolveHost => {
  if (knowsThisNetwork) return (host) => lookup(host, { all: true })
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES })
  if (servers) resolver.setServers(servers)
  return async (host) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const found = [...addressesIn(v4, 4), ...addressesIn(v6, 6)]
    if (found.length === 0 && v4.status === 'rejected') throw v4.reason
    return found
  }
}

/** A host may have addresses of one kind only. */
const addressesIn = (answer: PromiseSettledResult<readonly string[]>, family: number): readonly Resolved[] =>
  answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : []
