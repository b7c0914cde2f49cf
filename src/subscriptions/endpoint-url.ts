import { isIP } from 'node:net'
import { z } from 'zod'
import { isPublicAddress } from './public-address.js'

const URL_MAX = 2_000
/** Names that no public name server knows. */
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|test|invalid|example|onion)$/

/**
 * The address of a receiver: https, without a user and a password, on the open internet. `allowPrivate` admits http and
 * hosts of one's own network, for development.
 */
export const endpointUrl = (allowPrivate: boolean) =>
  z
    .string()
    .trim()
    .max(URL_MAX)
    .transform((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : null
      const objection = objectionTo(url, allowPrivate)
      if (url !== null && objection === null) return url.href
      context.addIssue({ code: 'custom', message: objection ?? NO_ADDRESS })
      return z.NEVER
    })
    .meta({ description: 'An https address on the open internet.' })

const NO_ADDRESS = 'must be an address such as https://example.com/webhooks'

const objectionTo = (url: URL | null, allowPrivate: boolean): string | null => {
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return NO_ADDRESS
  if (url.protocol === 'http:' && !allowPrivate) return 'must be https: what is sent must not be read on its way'
  if (url.username !== '' || url.password !== '') return 'must not have a user or a password in it'
  if (!allowPrivate && !isUsualPort(url.port)) return 'must be at port 443, or at 1024 and above'
  if (!allowPrivate && !mayBePublic(bareHost(url))) return 'must be on the open internet, not in a private network'
  return null
}

/** The host as the network calls it: `URL` has turned odd spellings of an IPv4 address into the usual one. */
export const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

/** Below are mail, remote shells and the like, which must not be made to read an event. Empty is 443. */
const isUsualPort = (port: string): boolean => port === '' || Number(port) >= 1_024

const mayBePublic = (host: string): boolean =>
  isIP(host) === 0 ? host.includes('.') && !PRIVATE_NAMES.test(host) : isPublicAddress(host)

/** The lane of an address: all that goes to one host waits for that host only. */
export const hookLaneOf = (url: string): string => `${HOOK_LANE_PREFIX}${new URL(url).host}`

export const HOOK_LANE_PREFIX = 'hook:'
