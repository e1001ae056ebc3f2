import ipaddr from 'ipaddr.js';
import { createTrust } from '../http/address.ts';

/** Addresses of the public Internet. An IPv6 address that carries an IPv4 one counts as that one: NAT64 and 6to4 lead there. */
function isPublic(text: string): boolean {
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR('2000::/3'));
}

/** @param allowed CIDRs of private networks that may be called all the same. */
export function createReachable(allowed: readonly string[]): {
  readonly any: (address: string) => boolean;
  readonly named: (address: string) => boolean;
} {
  const named = createTrust(allowed);
  return { named, any: (address) => ipaddr.isValid(address) && (isPublic(address) || named(address)) };
}
