import { createTrust, isPublic } from '../http/address.ts';

/** Which addresses may be called. @param allowed CIDRs of private networks that may be all the same. */
export function createReachable(allowed: readonly string[]): {
  readonly any: (address: string) => boolean;
  readonly named: (address: string) => boolean;
} {
  const named = createTrust(allowed);
  return { named, any: (address) => isPublic(address) || named(address) };
}
