import ipaddr from 'ipaddr.js';

export type Cidr = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A CIDR, or an address as the whole of itself; null for anything else. IPv4-mapped IPv6 collapses to IPv4 (B109). */
export function parseCidr(text: string): Cidr | null {
  try {
    if (text.includes('/')) {
      const [address, bits] = ipaddr.parseCIDR(text);
      return [address, bits];
    }
    if (!ipaddr.isValid(text) || /^\d+$/.test(text)) return null;
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return null;
  }
}

/** The address in one spelling; null when it is none. */
export function canonicalAddress(text: string): string | null {
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$/, '$1');
  const candidate = /^\d+\.\d+\.\d+\.\d+:\d+$/.test(bare) ? bare.slice(0, bare.lastIndexOf(':')) : bare;
  return ipaddr.isValid(candidate) && !/^\d+$/.test(candidate) ? ipaddr.process(candidate).toString() : null;
}

/** Whether an address lies in one of these networks: the proxies whose headers are believed. */
export function createTrust(trusted: readonly string[]): (address: string | undefined) => boolean {
  const ranges = trusted.map((text) => parseCidr(text)!);
  return (address) => {
    if (ranges.length === 0 || address === undefined || !ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return ranges.some(([range, bits]) => range.kind() === parsed.kind() && (parsed as ipaddr.IPv4).match(range, bits));
  };
}

/** The rightmost hop that is no trusted proxy: what a client writes further left is never believed (B108). */
export function createClientAddress(
  trusted: readonly string[],
): (socketAddress: string | undefined, forwardedFor: string | undefined) => string | null {
  const isTrusted = createTrust(trusted);
  const known = new Map<string, string | null>(); // sockets repeat; parsing each time is the cost
  return (socketAddress, forwardedFor) => {
    if (socketAddress === undefined) return null;
    let address = known.get(socketAddress);
    if (address === undefined) {
      if (known.size > 10_000) known.clear();
      known.set(socketAddress, (address = canonicalAddress(socketAddress)));
    }
    if (address === null || trusted.length === 0 || forwardedFor === undefined || !isTrusted(address)) return address;
    const hops = forwardedFor.split(',');
    for (let i = hops.length - 1; i >= 0; i--) {
      const hop = canonicalAddress(hops[i]!);
      if (hop === null) return address;
      address = hop;
      if (!isTrusted(hop)) return hop;
    }
    return address;
  };
}

/** What limits are counted by: IPv4 whole, IPv6 by /56, since one customer holds at least that (B109). */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  if (!address.includes(':')) return address;
  const parts = (ipaddr.parse(address) as ipaddr.IPv6).parts;
  return `${parts
    .slice(0, 3)
    .map((part) => part.toString(16))
    .join(':')}:${(parts[3]! & 0xff00).toString(16)}::/56`;
}

/** Whether it lies in the public Internet. An IPv6 address that carries an IPv4 one (NAT64, 6to4) does not. */
export function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR('2000::/3')));
}
