import { BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

const blockList = (...cidrs: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [address, bits] = ipaddr.parseCIDR(cidr)
    list.addSubnet(address.toString(), bits, address.kind())
  }
  return list
}

/** An IPv4 address behind a translator: it is as public as that address is. */
const NAT64 = blockList('64:ff9b::/96')

/**
 * What the library takes for public, in one version or another, and is not: the cloud's own servers, tests of networks,
 * documentation, tunnels and translators that lead back inside. A list for each kind, since a range of IPv6 that holds
 * `::ffff:0:0` would hold all of IPv4 for a `BlockList`.
 */
const DENIED = {
  ipv4: blockList('168.63.129.16/32', '192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15'),
  ipv6: blockList(
    '::/8',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2002::/16',
    '3fff::/20',
    '5f00::/16',
    'fec0::/10',
  ),
}

/** Whether an IP address, as the network writes it, is one of the open internet. False for what is no address. */
export const isPublicAddress = (text: string): boolean => {
  const plain = plainForm(text)
  if (plain === null) return false
  const given = ipaddr.process(plain)
  const isTranslated = given.kind() === 'ipv6' && NAT64.check(given.toString(), 'ipv6')
  const address = isTranslated ? ipaddr.fromByteArray(given.toByteArray().slice(12)) : given
  const kind = address.kind()
  return address.range() === 'unicast' && !DENIED[kind].check(address.toString(), kind)
}

/**
 * An address in the one spelling that the library and the network read alike: the library takes `1.2` for an address, and
 * `::1.2.3.4` for another one than it is. Null for what is none, or is one of a certain interface.
 */
const plainForm = (text: string): string | null => {
  const family = isIP(text)
  if (family !== 6) return family === 4 ? text : null
  const url = `http://[${text}]/`
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null
}
