import { type Clock, uuidv7 } from '@plinth/kit';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type SigningKeys, SKEW_SECONDS } from './keys.ts';

/** What an access token says (RFC 9068). Times are Unix seconds of the database's clock. */
export interface Claims {
  readonly userId: string;
  readonly sessionId: string;
  readonly notBefore: number;
  readonly expires: number;
}
interface Deps {
  readonly keys: SigningKeys;
  readonly clock: Clock;
  /** Without a trailing slash: the `iss` of our tokens. */
  readonly issuer: string;
}
/** What a token tells others; of all this our own checks read only whose session it is. */
export interface Said {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  /** What was proved in this session: `amr` (RFC 8176). */
  readonly factors: readonly string[];
  /** Unix seconds: `auth_time`. */
  readonly provedAt: number;
  /** Who acts as this user: `act` (RFC 8693 §4.1). */
  readonly impersonatorId: string | null;
}
const AMR: Readonly<Record<string, string>> = { password: 'pwd', totp: 'otp', 'email-code': 'otp', passkey: 'pop' };
/** Longer than any token of ours: not worth a look. */
const LONGEST = 4096;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Signs and verifies access tokens. The algorithm is the key's, never the header's (B73). */
export class AccessTokens {
  readonly #deps: Deps;
  readonly #audience: string;
  constructor(deps: Deps) {
    // A token that names no issuer would be anyone's (B76).
    if (deps.issuer === '') throw new Error('access tokens need an issuer: set BASE_URL');
    this.#deps = deps;
    this.#audience = `${deps.issuer}/api`;
  }

  /** @param now Unix seconds by the database's clock. @param seconds how long it lives. */
  sign(claims: Said, now: number, seconds: number): Promise<string> {
    const { kid, key } = this.#deps.keys.current();
    const at = Math.floor(now);
    const { sessionId, roles, factors, provedAt, impersonatorId } = claims;
    const said = {
      sid: sessionId,
      roles: [...roles],
      amr: [...new Set(factors.map((factor) => AMR[factor] ?? factor))],
      auth_time: provedAt,
      ...(impersonatorId !== null && { act: { sub: impersonatorId } }),
    };
    return new SignJWT(said)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setIssuer(this.#deps.issuer)
      .setAudience(this.#audience)
      .setSubject(claims.userId)
      .setJti(uuidv7())
      .setIssuedAt(at)
      .setNotBefore(at)
      .setExpirationTime(at + Math.max(1, Math.floor(seconds)))
      .sign(key);
  }

  /** The claims of a token that is ours and in its time (give or take the skew); null for anything else, whatever it is. */
  async verify(token: string): Promise<Claims | null> {
    if (token.length > LONGEST) return null;
    try {
      const { payload } = await jwtVerify(token, async ({ kid }) => await this.#known(kid), {
        algorithms: ['EdDSA'],
        issuer: this.#deps.issuer,
        audience: this.#audience,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'nbf', 'exp'],
        clockTolerance: SKEW_SECONDS,
        currentDate: this.#deps.clock.now(),
      });
      return claimsOf(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
      throw error;
    }
  }

  async #known(kid: string | undefined) {
    const key = typeof kid === 'string' ? await this.#deps.keys.verifier(kid) : undefined;
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key;
  }
}

function claimsOf({ sub, sid, nbf, exp }: JWTPayload): Claims | null {
  if (typeof sub !== 'string' || typeof sid !== 'string' || !UUID.test(sub) || !UUID.test(sid)) return null;
  return { userId: sub, sessionId: sid, notBefore: nbf!, expires: exp! };
}
