import { timingSafeEqual } from 'node:crypto';
import { HOTP, Secret, URI, TOTP } from 'otpauth';

/** RFC 6238 as every authenticator app takes it: SHA-1, six digits, 30 seconds. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps that a clock may be off, each way. */
const WINDOW = 1;

export interface Enrolment {
  /** Base32, for typing in. */
  readonly secret: string;
  /** `otpauth://totp/…`, for the QR code. */
  readonly uri: string;
}

/** A new secret: 20 random bytes, as long as the hash (RFC 4226 §4 R6). */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** @param issuer what the app shows above the account. */
export const enrolmentOf = (secret: string, issuer: string, account: string): Enrolment => ({
  secret,
  uri: URI.stringify(new TOTP({ ...FORM, issuer, label: account, secret: Secret.fromBase32(secret) })),
});

export const stepAt = (seconds: number): number => Math.floor(seconds / FORM.period);
export const codeAt = (secret: string, step: number): string =>
  HOTP.generate({ secret: Secret.fromBase32(secret), algorithm: FORM.algorithm, digits: FORM.digits, counter: step });

/**
 * The newest step of the window whose code this is. All are looked at: neighbouring steps can have the same six digits, and
 * then a fresh code must not look like one that was used (B30).
 * @param now Unix seconds by the database's clock.
 */
export function matchingStep(secret: string, code: string, now: number): number | undefined {
  const current = stepAt(now);
  let found: number | undefined;
  for (let step = current - WINDOW; step <= current + WINDOW; step++) if (same(codeAt(secret, step), code)) found = step;
  return found;
}

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
