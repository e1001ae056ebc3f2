import { createTrust, isPublic } from '../http/address.ts';

/** Inside every machine on Azure: its keys and settings, at an address of the public Internet. */
const METADATA = new Set(['168.63.129.16', '::ffff:a83f:8110']);

/** Which addresses may be called. @param allowed CIDRs of private networks that may be all the same. */
export function createReachable(allowed: readonly string[]): {
  readonly any: (address: string) => boolean;
  readonly named: (address: string) => boolean;
} {
  const named = createTrust(allowed);
  return { named, any: (address) => (isPublic(address) && !METADATA.has(address)) || named(address) };
}
