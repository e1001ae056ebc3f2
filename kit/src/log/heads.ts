import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

// What is signed, as anybody can rebuild it: a few lines of text. docs/guides/audit.md verifies them with openssl.

/** Everything the log held at one moment, in one hash. */
export interface Head {
  readonly position: number;
  /** Facts up to there. */
  readonly count: number;
  /** SHA-256, hex. */
  readonly chain: string;
  /** When it was signed, by the database's clock: ISO-8601 UTC with microseconds. */
  readonly at: string;
}
export interface Signed {
  /** Thumbprint of the public key (RFC 7638). */
  readonly key: string;
  /** Ed25519 over the text (RFC 8032), base64. */
  readonly signature: string;
}
export type SignedHead = Head & Signed;

/** One file of the archive: which facts it holds, and its own hash. */
export interface Archive {
  readonly first: number;
  readonly last: number;
  /** The chain before the first fact, hex. */
  readonly before: string;
  /** The chain at the last fact, hex. */
  readonly chain: string;
  readonly name: string;
  readonly bytes: number;
  /** Of the file as it is stored, hex. */
  readonly sha256: string;
  readonly at: string;
}
export type SignedArchive = Archive & Signed;

export const headText = ({ position, count, chain, at }: Head): string =>
  `plinth log head 1\nposition ${position}\ncount ${count}\nchain ${chain}\nat ${at}\n`;
export const archiveText = ({ first, last, before, chain, name, bytes, sha256, at }: Archive): string =>
  `plinth log archive 1\nfirst ${first}\nlast ${last}\nbefore ${before}\nchain ${chain}\nname ${name}\nbytes ${bytes}\nsha256 ${sha256}\nat ${at}\n`;

/** A public key that signs heads, as it is published (RFC 8037). */
export interface HeadKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}
/** Keys whose signatures count, by kid. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

export const headKeyOf = (x: string): HeadKey => ({ kty: 'OKP', crv: 'Ed25519', x, kid: kidOf(x), alg: 'EdDSA', use: 'sig' });
/** The thumbprint of an Ed25519 key (RFC 7638, RFC 8037 appendix A.3). */
export const kidOf = (x: string): string => createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');
export const publicKeyOf = (x: string): KeyObject => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });

/** The keys of a saved key set. A key counts by its own thumbprint, whatever the set calls it. @throws when it is no key set. */
export function keysOfSet(json: string): TrustedKeys {
  const { keys } = JSON.parse(json) as { keys?: readonly { readonly crv?: unknown; readonly x?: unknown }[] };
  if (!Array.isArray(keys)) throw new Error('is no key set: {"keys": […]}');
  const ours = keys.flatMap(({ crv, x }) => (crv === 'Ed25519' && typeof x === 'string' ? [x] : []));
  return new Map(ours.map((x) => [kidOf(x), publicKeyOf(x)]));
}

/** Why a signature does not count; null when it does. */
export function signatureProblem(text: string, { key, signature }: Signed, keys: TrustedKeys): string | null {
  const trusted = keys.get(key);
  if (!trusted) return `is signed with key ${key}, which nobody vouches for`;
  return verify(null, Buffer.from(text), trusted, Buffer.from(signature, 'base64')) ? null : `bears a forged signature`;
}
