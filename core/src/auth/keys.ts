import { type Caller, type Clock, type Database, type EventLog, type Kit, type Seal, system, type Tx, uuidv7 } from '@plinth/kit';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { keyRotated } from './contract.ts';
import type { AuthRepository, StoredKey } from './repository.ts';

/** How long others may keep our key set (seconds, `Cache-Control: max-age`). */
export const JWKS_SECONDS = 300;
/** A new key is published this long before it signs: every cache of the set has it by then (B78). */
const LEAD_SECONDS = 2 * JWKS_SECONDS;
/** Clocks may differ by this much, in seconds, everywhere (B77). */
export const SKEW_SECONDS = 60;
const RELOAD_MS = 60_000;
const LEAST_LEAD_SECONDS = (2 * RELOAD_MS) / 1000;
/** An unknown kid makes us look again at most this often (B75). */
const COOLDOWN_MS = 30_000;

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly seal: Seal;
  readonly logger: Kit['logger'];
  readonly keys: AuthRepository;
  /** Seconds an access token lives. */
  readonly tokenSeconds: number;
}
interface Verifier {
  readonly key: CryptoKey;
  /** Monotonic milliseconds until when it verifies. */
  readonly until: number;
}
interface Signer {
  /** The header of its tokens, encoded. */
  readonly head: string;
  readonly key: KeyObject;
  /** Monotonic milliseconds from when it signs. */
  readonly from: number;
}
export interface PublicKey extends JWK {
  kty: string;
  crv: string;
  x: string;
  kid: string;
  alg: string;
  use: string;
}

/** The Ed25519 keys that sign access tokens: shared by all nodes through the database, private parts encrypted. */
export class SigningKeys {
  readonly #deps: Deps;
  #signers: readonly Signer[] = [];
  #verifiers: ReadonlyMap<string, Verifier> = new Map();
  #published: readonly PublicKey[] = [];
  #reloadedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.load();
    if (this.#signers.length === 0) await this.#create();
    this.#timer = setInterval(
      () => void this.load().catch((err: unknown) => this.#deps.logger.warn({ err }, 'signing keys could not be read')),
      RELOAD_MS,
    ).unref();
  }
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Of the keys whose time has come, the one that verifies the longest: the newest. */
  current(): Signer {
    const now = this.#deps.clock.monotonic();
    const signer = this.#signers.find(({ from }) => from <= now);
    if (!signer) throw new Error('no key can sign: was PLINTH_SECRET changed while this ran?');
    return signer;
  }
  /** The public key of this kid, by equality only; undefined when there is none, also after looking again. */
  async verifier(kid: string): Promise<CryptoKey | undefined> {
    if (!this.#verifiers.has(kid)) {
      // Whoever comes while the keys are being read waits for them too: the kid may be a new one.
      const due = this.#deps.clock.monotonic() - this.#reloadedAt > COOLDOWN_MS;
      if (due || this.#loading) await this.load();
    }
    return this.verifies(kid) ? this.#verifiers.get(kid)!.key : undefined;
  }
  /** Whether the key of this kid still counts. */
  verifies(kid: string): boolean {
    const found = this.#verifiers.get(kid);
    return found !== undefined && this.#deps.clock.monotonic() < found.until;
  }
  published(): readonly PublicKey[] {
    return this.#published;
  }

  /** Reads the keys that others may have made; callers at the same time share one reading. */
  load(): Promise<void> {
    this.#loading ??= this.#read().finally(() => (this.#loading = undefined));
    return this.#loading;
  }
  async #read(): Promise<void> {
    const { db, clock, keys } = this.#deps;
    const stored = await keys.keys(db);
    const at = clock.monotonic();
    const verifiers = await Promise.all(
      stored.map(async ({ kid, publicKey, verifiesIn }) => {
        const until = verifiesIn === null ? Number.POSITIVE_INFINITY : at + verifiesIn * 1000;
        return [kid, { key: await imported(publicKey as JWK), until }] as const;
      }),
    );
    const signers = stored.map((key) => this.#signer(key, at));
    this.#verifiers = new Map(verifiers);
    this.#signers = signers.filter((signer) => signer !== undefined);
    this.#published = stored.map(({ publicKey }) => publicKey as PublicKey);
    this.#reloadedAt = at; // only now: a reading that failed is tried again
  }
  /** Reads what was just committed, so not with a reading that began before. */
  async #loadAgain(): Promise<void> {
    await this.#loading?.catch(() => {});
    await this.load();
  }

  /**
   * Publishes a new key now, which signs in ten minutes; the one before verifies until its last token is dead (B78).
   * @param leadSeconds at least two minutes: every node has read the keys by then, whatever it heard.
   */
  async rotate(caller: Caller, leadSeconds = LEAD_SECONDS): Promise<string> {
    const { db, keys } = this.#deps;
    const kid = await db.transaction(async (tx) => {
      await keys.lockKeys(tx);
      return this.#insert(caller, tx, Math.max(leadSeconds, LEAST_LEAD_SECONDS));
    });
    await this.#loadAgain();
    return kid;
  }

  /** The first key; nodes that start together agree on one. */
  async #create(): Promise<void> {
    const { db, keys, seal } = this.#deps;
    await db.transaction(async (tx) => {
      await keys.lockKeys(tx);
      const usable = (await keys.keys(tx)).some(({ kid, privateKey }) => seal.open(privateKey, boundTo(kid)) !== undefined);
      if (!usable) await this.#insert(system('auth.start', null, uuidv7()), tx, 0);
    });
    await this.#loadAgain();
  }
  async #insert(caller: Caller, tx: Tx, leadSeconds: number): Promise<string> {
    const { keys, seal, log, tokenSeconds } = this.#deps;
    const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await kidOf(publicJwk);
    const published = { ...publicJwk, kid, alg: 'EdDSA', use: 'sig' };
    const privateKey = seal.seal(await exportJWK(pair.privateKey), boundTo(kid));
    const signsFrom = await keys.insertKey(tx, { kid, publicKey: JSON.stringify(published), privateKey, leadSeconds });
    keys.retireKeys(tx, kid, leadSeconds + RELOAD_MS / 1000 + tokenSeconds + SKEW_SECONDS);
    await log.publish(tx, caller, keyRotated, { kid, signsFrom });
    return kid;
  }
  #signer({ kid, privateKey, signsIn }: StoredKey, at: number): Signer | undefined {
    const jwk = this.#deps.seal.open(privateKey, boundTo(kid));
    if (jwk === undefined) {
      this.#deps.logger.warn({ kid }, 'a signing key was encrypted with another PLINTH_SECRET: it verifies, but cannot sign');
      return undefined;
    }
    return { head: headOf(kid), key: createPrivateKey({ key: jwk as Record<string, unknown>, format: 'jwk' }), from: at + signsIn * 1000 };
  }
}

/** RFC 9068 §2.1. */
export const headOf = (kid: string): string => Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid })).toString('base64url');
const boundTo = (kid: string): string => `auth.signing-key:${kid}`;
/** An Ed25519 key (RFC 8037 §2), public or private. */
export const imported = async (jwk: JWK): Promise<CryptoKey> => (await importJWK(jwk, 'EdDSA')) as CryptoKey;
/** How a key is named: by its thumbprint (RFC 7638). */
export const kidOf = (publicJwk: JWK): Promise<string> => calculateJwkThumbprint(publicJwk);
