import { type Clock, uuidv7 } from '@plinth/kit';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { sign as signature } from 'node:crypto';
import { levelOf } from './levels.ts';
import { type SigningKeys, SKEW_SECONDS } from './keys.ts';

/** What an access token says (RFC 9068). Times are Unix seconds of the database's clock. */
export interface Claims {
  readonly userId: string;
  readonly sessionId: string;
  /** Who acts as the user; null: nobody. */
  readonly impersonatorId: string | null;
  readonly notBefore: number;
  readonly expires: number;
  /** The key that signed it. */
  readonly kid: string;
}
interface Deps {
  readonly keys: Pick<SigningKeys, 'current' | 'verifier' | 'verifies'>;
  readonly clock: Clock;
  /** Without a trailing slash: the `iss` of our tokens. */
  readonly issuer: string;
}
/** What a token tells others; of all this our own checks read only whose session it is. */
export interface Said {
  readonly userId: string;
  readonly sessionId: string;
  /** Left out when they are too many for a header or cookie. */
  readonly roles: readonly string[];
  /** What was proved in this session: `amr` (RFC 8176), and its level: `acr` (RFC 9068 §2.2.1). */
  readonly factors: readonly string[];
  /** Unix seconds: `auth_time`. */
  readonly provedAt: number;
  /** Who acts as this user: `act` (RFC 8693 §4.1). */
  readonly impersonatorId: string | null;
}
const AMR: Readonly<Record<string, string>> = { password: 'pwd', totp: 'otp', 'email-code': 'otp', passkey: 'pop' };
/** Characters of role names that a token has room for: with more of them it says nothing of roles. */
const ROOM_FOR_ROLES = 2000;
/** Longer than any token of ours: not worth a look. */
const LONGEST = 4096;
/** The longest life that can be configured, in seconds. */
const LONGEST_LIFE = 86_400;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** 64 bytes end in two bits of meaning: of sixteen characters that decode alike, the one that encoders write (RFC 4648 §3.5). */
const COMPACT = /^([\w-]+)\.([\w-]+)\.[\w-]{85}[AQgw]$/;
/** All that a header of ours says: no key of its own, nothing critical, nothing compressed. */
const HEADER = new Set(['alg', 'typ', 'kid']);

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

  /**
   * Signs in this thread: an Ed25519 signature takes 40 µs there, and half as much again to hand it to another one, where it
   * would wait behind passwords that are being hashed.
   * @param now Unix seconds by the database's clock. @param seconds how long it lives.
   */
  sign({ userId, sessionId, roles, factors, provedAt, impersonatorId }: Said, now: number, seconds: number): string {
    const { head, key } = this.#deps.keys.current();
    const at = Math.floor(now);
    const claims = {
      sid: sessionId,
      ...(roles.join().length <= ROOM_FOR_ROLES && { roles }),
      amr: [...new Set(factors.map((factor) => AMR[factor] ?? factor))],
      acr: levelOf(factors),
      auth_time: provedAt,
      ...(impersonatorId !== null && { act: { sub: impersonatorId } }),
      iss: this.#deps.issuer,
      aud: this.#audience,
      sub: userId,
      jti: uuidv7(),
      iat: at,
      nbf: at,
      exp: at + Math.max(1, Math.floor(seconds)),
    };
    const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${signed}.${signature(null, Buffer.from(signed), key).toString('base64url')}`;
  }

  /** The claims of a token that is ours and in its time (give or take the skew); null for anything else, whatever it is. */
  async verify(token: string): Promise<Claims | null> {
    if (!isCanonical(token)) return null;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, async ({ kid }) => await this.#known(kid), {
        algorithms: ['EdDSA'],
        issuer: this.#deps.issuer,
        audience: this.#audience,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'nbf', 'exp'],
        clockTolerance: SKEW_SECONDS,
        currentDate: this.#deps.clock.now(),
      });
      return claimsOf(payload, protectedHeader.kid!);
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
      throw error;
    }
  }
  /** Whether the key that signed it still counts. */
  stands({ kid }: Claims): boolean {
    return this.#deps.keys.verifies(kid);
  }

  async #known(kid: string | undefined) {
    const key = typeof kid === 'string' ? await this.#deps.keys.verifier(kid) : undefined;
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key;
  }
}

/** Written the one way that we write: one token has one spelling (B74), and no member twice (RFC 7515 §4). */
function isCanonical(token: string): boolean {
  const [, header, payload] = (token.length <= LONGEST && COMPACT.exec(token)) || [];
  if (header === undefined || payload === undefined) return false;
  const said = exactly(header);
  return isObject(said) && Object.keys(said).every((name) => HEADER.has(name)) && isObject(exactly(payload));
}
/** What the part says; undefined when it is not what an encoder makes of that. */
function exactly(part: string): unknown {
  try {
    const said: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return Buffer.from(JSON.stringify(said)).toString('base64url') === part ? said : undefined;
  } catch {
    return undefined;
  }
}
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

function claimsOf({ sub, sid, jti, aud, iat, nbf, exp, act }: JWTPayload, kid: string): Claims | null {
  if (!isId(sub) || !isId(sid) || !isId(jti) || typeof aud !== 'string') return null;
  if (![iat, nbf, exp].every(Number.isSafeInteger) || exp! - iat! > LONGEST_LIFE) return null;
  const actor = act === undefined ? null : isObject(act) && 'sub' in act ? act.sub : undefined;
  if (actor !== null && !isId(actor)) return null;
  return { userId: sub, sessionId: sid, impersonatorId: actor, notBefore: Math.max(iat!, nbf!), expires: exp!, kid };
}
