import { BlockList, isIP } from 'node:net';

/**
 * Addresses that lead nowhere in public (F58). Sources: IANA special-purpose registries of IPv4 and IPv6. IPv6 is taken from the global
 * block 2000::/3 alone, so that what is not listed is not public.
 */
const NOT_PUBLIC_V4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const NOT_PUBLIC_V6: readonly (readonly [network: string, prefix: number])[] = [
  // IETF protocol assignments: Teredo, ORCHID and others.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 carries an IPv4 address of anybody's choice.
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [network, prefix] of NOT_PUBLIC_V4) refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of NOT_PUBLIC_V6) refused.addSubnet(network, prefix, 'ipv6');
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address, as the resolver or the socket gives it, belongs to the public internet. IPv4 within IPv6 (mapped, compatible, NAT64
 * 64:ff9b::/96 and 64:ff9b:1::/48) is outside of the global block and so refused, whatever IPv4 address it carries.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  switch (isIP(bare)) {
    case 4:
      return !refused.check(bare, 'ipv4');
    case 6:
      return global.check(bare, 'ipv6') && !refused.check(bare, 'ipv6');
    default:
      return false;
  }
}

/** Names that lead nowhere in public: RFC 6761, RFC 6762, ICANN's `internal`; a name of one label is the local network's. */
const LOCAL_NAME = /^[^.]*$|\.(?:localhost|local|internal|intranet|lan|home\.arpa|test|invalid|onion)$/;

/** Whether a link that somebody else is going to open may lead to the public internet, as far as its words tell: no name is looked up. */
export function isPublicLink({ protocol, username, password, hostname }: URL): boolean {
  if (!['https:', 'http:'].includes(protocol) || username !== '' || password !== '') return false;
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(host) === 0 ? !LOCAL_NAME.test(host) : isPublicAddress(host);
}
