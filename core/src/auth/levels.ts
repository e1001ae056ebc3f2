/** How surely someone was recognised: NIST SP 800-63B-4 §2. */
export type Level = 'aal1' | 'aal2';

const KNOWN: ReadonlySet<string> = new Set(['password']);
const HELD: ReadonlySet<string> = new Set(['totp', 'recovery-code']);

/**
 * Two is something known and something held, or a passkey: it is held, and unlocked by its user (we ask for that, always). E-mail
 * is no authenticator (§3.1.3.1), and what another provider looked at is not known here: neither counts as one of the two.
 */
export const levelOf = (factors: readonly string[]): Level =>
  factors.includes('passkey') || (factors.some((factor) => KNOWN.has(factor)) && factors.some((factor) => HELD.has(factor)))
    ? 'aal2'
    : 'aal1';
