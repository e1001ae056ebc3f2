import type { Fetch } from './send.ts';
import { pause } from './retry.ts';
import { memoryStore, type Tokens, type TokenStore } from './tokens.ts';
import { openTabs, type Tabs } from './tabs.ts';

/** What every way of signing in answers in the end. */
export interface SignedIn {
  readonly status: 'signed-in';
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresIn: number;
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
}
export interface Who {
  readonly userId: string;
  readonly sessionId: string;
}
/** What a request proves who it is with. */
export interface Proof {
  readonly token: string | undefined;
  /** Which tokens these are: a failure with older ones calls for no new ones. */
  readonly generation: number;
  readonly renewable: boolean;
  /** Somebody is signed in, as far as is known. */
  readonly known: boolean;
}
export type Renewal = 'renewed' | 'ended' | 'unreachable';

export interface SessionParts {
  readonly baseUrl: string;
  readonly delivery: 'body' | 'cookie';
  readonly fetch: Fetch;
  readonly store: TokenStore | undefined;
}

/** Seconds before their end at which tokens are renewed. */
const EARLY_SECONDS = 10;
/** The server takes the last refresh token again for ten seconds, so that a lost answer can be asked for anew. */
const ATTEMPTS = 3;
const ATTEMPT_MS = 4_000;

/** Who is signed in, and the tokens that prove it. At most one renewal is under way, in all tabs together. */
export class Session {
  readonly #parts: SessionParts;
  readonly #store: TokenStore;
  readonly #tabs: Tabs | null;
  readonly #listeners = new Set<() => void>();
  #generation = 0;
  /** Undefined: nobody asked yet, and a cookie may stand. */
  #who: Who | null | undefined;
  /** Milliseconds since 1970 at which the access token ends; 0: not known. */
  #until = 0;
  #renewing: Promise<Renewal> | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#store = parts.store ?? memoryStore();
    const tokens = parts.delivery === 'body' ? this.#store.read() : undefined;
    this.#who = tokens && { userId: tokens.userId, sessionId: tokens.sessionId };
    this.#until = tokens?.until ?? 0;
    const shared = parts.delivery === 'cookie' || parts.store !== undefined;
    this.#tabs = shared
      ? openTabs(parts.baseUrl, ({ who, until }) => {
          this.#take(who, until);
        })
      : null;
  }

  /** Null: nobody. Undefined: with cookies, before the first answer; `restore` finds out. */
  get current(): Who | null | undefined {
    return this.#who;
  }
  get delivery(): 'body' | 'cookie' {
    return this.#parts.delivery;
  }
  /** Calls back whenever somebody else, or nobody any more, is signed in. @returns the end of it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Goes on with what a sign-in, a second factor or a fresh proof answered. @returns false: it wants one more factor first. */
  start(given: SignedIn | { readonly status: string }): boolean {
    if (given.status !== 'signed-in') return false;
    const reply = given as SignedIn;
    const { userId, sessionId, accessToken, refreshToken, expiresIn } = reply;
    const until = Date.now() + expiresIn * 1000;
    if (this.#parts.delivery === 'body') {
      if (accessToken === undefined || refreshToken === undefined)
        throw new Error(`the reply carries no tokens: it was asked for with "delivery": "cookie"`);
      this.#store.write({ userId, sessionId, accessToken, refreshToken, until });
    }
    this.#take({ userId, sessionId }, until);
    this.#tabs?.tell({ who: { userId, sessionId }, until });
    return true;
  }
  /** With cookies, after a page was loaded: who is signed in? */
  async restore(): Promise<Who | null> {
    if (this.#who === undefined) await this.renew();
    return this.#who ?? null;
  }
  /** Ends the session on the server and here. @returns false: the server was not told, and with cookies the session stands. */
  async signOut(): Promise<boolean> {
    const body = this.#parts.delivery === 'body' ? { refreshToken: this.#store.read()?.refreshToken } : {};
    const response = await this.#post('sign-out', body).catch(() => null);
    const told = response !== null && (response.ok || response.status === 401);
    if (told || this.#parts.delivery === 'body') this.#end();
    return told;
  }

  /** @param least seconds that it must still live; it is renewed where it does not. @returns null: nobody is signed in; undefined: it is in a cookie. */
  async token(least = EARLY_SECONDS): Promise<string | null | undefined> {
    if (this.#who !== null && (this.#who === undefined || this.#until - Date.now() < least * 1000)) {
      if ((await this.renew()) === 'unreachable') throw new Error('the server cannot be reached');
    }
    if (this.#who === null) return null;
    return this.#parts.delivery === 'body' ? this.#store.read()?.accessToken : undefined;
  }
  async proof(): Promise<Proof> {
    const soon = this.#who && this.#until > 0 && this.#until - Date.now() < EARLY_SECONDS * 1000;
    if (soon) await this.renew();
    return {
      token: this.#parts.delivery === 'body' && this.#who ? this.#store.read()?.accessToken : undefined,
      generation: this.#generation,
      renewable: this.#who !== null,
      known: Boolean(this.#who),
    };
  }
  /** New tokens, unless newer ones than those of `generation` are here already. Whoever asks meanwhile waits for the same answer. */
  renew(generation = this.#generation): Promise<Renewal> {
    if (generation !== this.#generation) return Promise.resolve(this.#who ? 'renewed' : 'ended');
    this.#renewing ??= this.#renew(generation).finally(() => (this.#renewing = null));
    return this.#renewing;
  }
  close(): void {
    this.#tabs?.close();
    this.#listeners.clear();
  }

  async #renew(generation: number): Promise<Renewal> {
    const alone = async (): Promise<Renewal> => {
      // Another tab may have been first, while this one waited for its turn.
      if (generation !== this.#generation) return this.#who ? 'renewed' : 'ended';
      return this.#ask(generation);
    };
    return this.#tabs ? this.#tabs.alone(alone) : alone();
  }
  async #ask(generation: number): Promise<Renewal> {
    const body = this.#parts.delivery === 'body' ? { refreshToken: this.#store.read()?.refreshToken } : {};
    if (this.#parts.delivery === 'body' && body.refreshToken === undefined) return 'ended';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await pause(Math.random() * 500);
      const response = await this.#post('refresh', body).catch(() => null);
      // Somebody signed in anew meanwhile, or proved more: what this answer says is of the past.
      if (generation !== this.#generation) return this.#who ? 'renewed' : 'ended';
      if (response?.ok) {
        const { data } = (await response.json()) as { data: SignedIn };
        this.start(data);
        return 'renewed';
      }
      void response?.body?.cancel();
      if (response?.status === 401) {
        this.#end();
        return 'ended';
      }
      if (response !== null && response.status < 500) break;
    }
    return 'unreachable';
  }
  #post(name: 'refresh' | 'sign-out', body: unknown): Promise<Response> {
    const { baseUrl, delivery, fetch } = this.#parts;
    return fetch(
      new Request(`${baseUrl}/api/v1/auth/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        credentials: delivery === 'cookie' ? 'include' : 'omit',
        body: JSON.stringify(body),
      }),
      { signal: AbortSignal.timeout(ATTEMPT_MS) },
    );
  }
  #end(): void {
    this.#store.write(null);
    this.#take(null, 0);
    this.#tabs?.tell({ who: null, until: 0 });
  }
  #take(who: Who | null, until: number): void {
    this.#generation++;
    this.#until = until;
    const same = who?.userId === this.#who?.userId && who?.sessionId === this.#who?.sessionId && (who === null) === (this.#who === null);
    if (same) return;
    this.#who = who;
    for (const listener of this.#listeners) listener();
  }
}
export type { Tokens, TokenStore };
