import { timingSafeEqual } from 'node:crypto';

/** RFC 6238 as every authenticator app takes it: SHA-1, six digits, 30 seconds. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps that a clock may be off, each way. */
const WINDOW = 1;

export interface Enrolment {
  /** `otpauth://totp/…`. */
  readonly uri: string;
  /** The same as a QR code: SVG. */
  readonly qr: string;
}
/** The libraries cost 5 MB: at the first code, not at the start. */
const otpauth = () => import('otpauth');

/** A new secret in Base32: 20 random bytes, as long as the hash (RFC 4226 §4 R6). */
export const newSecret = async (): Promise<string> => {
  const { Secret } = await otpauth();
  return new Secret({ size: 20 }).base32;
};
/** @param issuer what the app shows above the account. */
export async function enrolmentOf(secret: string, issuer: string, account: string): Promise<Enrolment> {
  const [{ Secret, TOTP, URI }, { renderSVG }] = await Promise.all([otpauth(), import('uqr')]);
  const uri = URI.stringify(new TOTP({ ...FORM, issuer, label: account, secret: Secret.fromBase32(secret) }));
  return { uri, qr: renderSVG(uri) };
}

export const stepAt = (seconds: number): number => Math.floor(seconds / FORM.period);
export async function codeAt(secret: string, step: number): Promise<string> {
  const { HOTP, Secret } = await otpauth();
  return HOTP.generate({ secret: Secret.fromBase32(secret), algorithm: FORM.algorithm, digits: FORM.digits, counter: step });
}

/**
 * The newest step of the window whose code this is. All are looked at: neighbouring steps can have the same six digits, and
 * then a fresh code must not look like one that was used (B30).
 * @param now Unix seconds by the database's clock.
 */
export async function matchingStep(secret: string, code: string, now: number): Promise<number | undefined> {
  const current = stepAt(now);
  let found: number | undefined;
  for (let step = current - WINDOW; step <= current + WINDOW; step++) if (same(await codeAt(secret, step), code)) found = step;
  return found;
}

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
