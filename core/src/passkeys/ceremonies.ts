import type { Config, Database, Runner } from '@plinth/kit';
import type * as WebAuthn from '@simplewebauthn/server';
import { createHash, randomBytes } from 'node:crypto';
import { type Answer, PasskeyRefused } from './contract.ts';
import type { CeremonyKind, Credential, PasskeysRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly config: Pick<Config, 'baseUrl'>;
  readonly passkeys: PasskeysRepository;
}
export type Registration = WebAuthn.VerifiedRegistrationResponse['registrationInfo'] & object;
export type Assertion = WebAuthn.VerifiedAuthenticationResponse['authenticationInfo'];
/** Authenticators that are asked: anything else would be turned away later. */
const ALGORITHMS = [-8, -7, -257]; // EdDSA, ES256, RS256
const MINUTES_5 = 300_000;

/** The library costs 30 ms and 8 MB to load: at the first ceremony, not at the start. */
const webauthn = (): Promise<typeof WebAuthn> => import('@simplewebauthn/server');

/**
 * WebAuthn's ceremonies. A challenge is drawn here, bound to the kind of ceremony and to the session or sign-in that began it,
 * and used up by its first answer, whatever that is worth. Origin and relying party are those of BASE_URL, exactly (B45).
 */
export class Ceremonies {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async registrationOptions(
    on: Runner,
    kind: CeremonyKind,
    boundTo: string,
    user: { readonly id: string; readonly email: string; readonly displayName: string },
    present: readonly { readonly credentialId: string; readonly transports: readonly string[] }[],
  ) {
    const { rpID } = this.#party();
    const challenge = await this.#begin(on, kind, boundTo);
    const { generateRegistrationOptions } = await webauthn();
    const options = await generateRegistrationOptions({
      rpName: rpID,
      rpID,
      challenge,
      userID: new Uint8Array(Buffer.from(user.id.replaceAll('-', ''), 'hex')),
      userName: user.email,
      userDisplayName: user.displayName,
      timeout: MINUTES_5,
      attestationType: 'none',
      excludeCredentials: present.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return { ...options };
  }
  async requestOptions(
    on: Runner,
    kind: CeremonyKind,
    boundTo: string,
    allowed: readonly { readonly credentialId: string; readonly transports: readonly string[] }[] | null,
  ) {
    const { rpID } = this.#party();
    const challenge = await this.#begin(on, kind, boundTo);
    const { generateAuthenticationOptions } = await webauthn();
    const options = await generateAuthenticationOptions({
      rpID,
      challenge,
      timeout: MINUTES_5,
      userVerification: 'required',
      ...(allowed && {
        allowCredentials: allowed.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
      }),
    });
    return { ...options };
  }

  /** @throws PasskeyRefused */
  async verifyRegistration(kind: CeremonyKind, boundTo: string, answer: Answer): Promise<Registration> {
    const expectedChallenge = await this.#take(kind, boundTo, answer);
    const { rpID, origin } = this.#party();
    const lib = await webauthn();
    const { verified, registrationInfo } = await verdict(() =>
      lib.verifyRegistrationResponse({
        response: answer as never,
        expectedChallenge,
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (!verified || !registrationInfo) throw new PasskeyRefused({ reason: 'not verified' });
    return registrationInfo;
  }
  /** Uses the challenge up, before anything is looked at. @returns it, for `verifyAssertion`. @throws PasskeyRefused */
  begunWith(kind: CeremonyKind, boundTo: string, answer: Answer): Promise<string> {
    return this.#take(kind, boundTo, answer);
  }
  /** @throws PasskeyRefused. The counter is not judged here: it must be compared where it is stored. */
  async verifyAssertion(
    expectedChallenge: string,
    answer: Answer,
    { credentialId, publicKey, transports }: Credential,
  ): Promise<Assertion> {
    const { rpID, origin } = this.#party();
    const lib = await webauthn();
    const { verified, authenticationInfo } = await verdict(() =>
      lib.verifyAuthenticationResponse({
        response: answer as never,
        expectedChallenge,
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
        credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: 0, transports },
      }),
    );
    if (!verified) throw new PasskeyRefused({ reason: 'not verified' });
    return authenticationInfo;
  }

  async #begin(on: Runner, kind: CeremonyKind, boundTo: string): Promise<Uint8Array<ArrayBuffer>> {
    const challenge = new Uint8Array(randomBytes(32));
    await this.#deps.passkeys.begin(on, { challengeHash: hashOf(Buffer.from(challenge).toString('base64url')), kind, boundTo });
    return challenge;
  }
  async #take(kind: CeremonyKind, boundTo: string, answer: Answer): Promise<string> {
    const challenge = challengeIn(answer);
    if (challenge === undefined || !(await this.#deps.passkeys.take(this.#deps.db, { challengeHash: hashOf(challenge), kind, boundTo })))
      throw new PasskeyRefused({ reason: 'challenge' });
    return challenge;
  }
  #party(): { rpID: string; origin: string } {
    const { hostname, origin } = new URL(this.#deps.config.baseUrl);
    return { rpID: hostname, origin };
  }
}

/** What the library throws is about what the client sent. */
async function verdict<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    throw new PasskeyRefused({ reason: error instanceof Error ? error.message.slice(0, 200) : 'malformed' });
  }
}
function challengeIn({ response }: Answer): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString()) as { challenge?: unknown };
    return typeof challenge === 'string' && challenge.length <= 100 ? challenge : undefined;
  } catch {
    return undefined;
  }
}
const hashOf = (challenge: string): Buffer => createHash('sha256').update(challenge).digest();
