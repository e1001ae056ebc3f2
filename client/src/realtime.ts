import { Connection } from './connection.ts';
import { CLOSE, isFinal, RealtimeError, type RealtimeCode, type RealtimeEvent, type RealtimeMessage, type Said } from './protocol.ts';
import type { Session } from './session.ts';

export interface ChannelHandlers {
  onEvent?(event: RealtimeEvent): void;
  onMessage?(message: RealtimeMessage): void;
  /** Of a channel with presence. */
  onJoined?(userId: string): void;
  onLeft?(userId: string): void;
  /**
   * Read the state now: `first`, from here on everything is told; `gap`, what was missed cannot be known.
   * In between nothing was missed, however often the connection was lost.
   */
  onReload?(why: 'first' | 'gap'): void;
  /** The connection was lost and is back; nothing was missed. */
  onResumed?(): void;
  /** It is not followed: there is no such channel, or one may not, or may not any more. */
  onError?(error: RealtimeError): void;
}
/** `idle`: nothing is followed. `waiting`: it comes back by itself. `ended`: it does not, until somebody signs in. */
export type RealtimeStatus = 'idle' | 'connecting' | 'open' | 'waiting' | 'ended';

interface Followed {
  readonly handlers: Set<ChannelHandlers>;
  /** Where to go on from. */
  offset: string | undefined;
  on: boolean;
}
export interface RealtimeParts {
  readonly baseUrl: string;
  readonly session: Session;
  readonly apiKey: string | undefined;
}

const FIRST_MS = 500;
const MOST_MS = 30_000;
/** How long a connection stays that nothing is followed on: a page that is left for another follows again at once. */
const LINGER_MS = 3_000;
/** Seconds before the token's end at which a fresh one is shown. */
const EARLY_SECONDS = 30;

/** One connection to `/realtime` for everything that is followed. It comes back by itself, with the token of that moment, and resumes. */
export class Realtime {
  readonly #parts: RealtimeParts;
  readonly #followed = new Map<string, Followed>();
  readonly #listeners = new Set<() => void>();
  #status: RealtimeStatus = 'idle';
  #connection: Connection | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  /** A cookie was found wanting, and renewed: once is enough. */
  #renewed = false;
  #user: string | undefined;
  readonly #leaveSession: () => void;

  constructor(parts: RealtimeParts) {
    this.#parts = parts;
    this.#leaveSession = parts.session.subscribe(() => this.#onSession());
  }

  get status(): RealtimeStatus {
    return this.#status;
  }
  readonly onStatus = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows a channel, beside whoever follows it already. @returns the end of it. */
  subscribe(channel: string, handlers: ChannelHandlers): () => void {
    let followed = this.#followed.get(channel);
    if (!followed) this.#followed.set(channel, (followed = { handlers: new Set(), offset: undefined, on: false }));
    followed.handlers.add(handlers);
    clearTimeout(this.#lingering);
    if (followed.on) queueMicrotask(() => followed.handlers.has(handlers) && handlers.onReload?.('first'));
    else if (followed.handlers.size === 1 && this.#status === 'open') void this.#follow(channel, followed);
    else if (this.#status === 'idle') void this.#connect();
    return () => this.#leave(channel, followed, handlers);
  }
  /** Tells everybody who follows the channel. @throws RealtimeError, with `NOT_SUBSCRIBED` unless it is followed. */
  async publish(channel: string, data: unknown): Promise<void> {
    await this.#ask({ type: 'publish', channel, data });
  }
  /** Who follows the channel, 1,000 at most. @throws RealtimeError */
  async presence(channel: string): Promise<string[]> {
    const { members = [] } = await this.#ask({ type: 'presence', channel });
    return members.map(({ userId }) => userId);
  }
  close(): void {
    this.#leaveSession();
    this.#followed.clear();
    this.#stop('idle');
    this.#listeners.clear();
  }

  #ask(message: Record<string, unknown>): Promise<Said> {
    return this.#connection?.ask(message) ?? Promise.reject(new RealtimeError('DISCONNECTED'));
  }
  #become(status: RealtimeStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }
  #stop(status: RealtimeStatus): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#lingering);
    this.#connection?.close();
    this.#connection = null;
    for (const followed of this.#followed.values()) followed.on = false;
    this.#become(status);
  }
  #onSession(): void {
    if (this.#parts.apiKey !== undefined) return;
    const user = this.#parts.session.current?.userId;
    if (user !== undefined && user === this.#user) return; // the same one, who proved more: the connection goes on
    this.#user = user;
    for (const followed of this.#followed.values()) followed.offset = undefined; // what others may see begins anew
    if (user === undefined) return this.#stop(this.#followed.size > 0 ? 'ended' : 'idle');
    this.#stop('idle');
    this.#attempt = 0;
    if (this.#followed.size > 0) void this.#connect();
  }

  async #connect(): Promise<void> {
    const { session, apiKey, baseUrl } = this.#parts;
    this.#become('connecting');
    const token = apiKey === undefined ? await session.token(EARLY_SECONDS).catch(() => false as const) : undefined;
    if (this.#status !== 'connecting' || this.#connection) return; // stopped, or another was faster
    if (token === false) return this.#again();
    if (token === null) return this.#become('ended');
    this.#user = session.current?.userId;
    const mine: Connection = new Connection(`${baseUrl.replace(/^http/, 'ws')}/realtime`, {
      credentials: apiKey !== undefined ? { key: apiKey } : token === undefined ? undefined : { token },
      // One that was given up has no say.
      onSaid: (said) => mine === this.#connection && this.#onSaid(said),
      onClose: (code) => mine === this.#connection && void this.#onClose(code, token),
    });
    this.#connection = mine;
  }
  /** Full jitter: of a thousand clients that lost one server, no two come back at the same moment. */
  #again(): void {
    this.#become('waiting');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** this.#attempt++));
  }
  async #onClose(code: number, token: string | undefined): Promise<void> {
    this.#connection = null;
    clearTimeout(this.#timer);
    for (const followed of this.#followed.values()) followed.on = false;
    if (this.#followed.size === 0) return this.#become('idle');
    const { session, apiKey } = this.#parts;
    this.#become('waiting');
    const lost = code === CLOSE.invalidToken || code === CLOSE.sessionEnded || (code === CLOSE.unauthenticated && token === undefined);
    if (apiKey === undefined && (code === CLOSE.tokenExpired || lost)) {
      // The session may go on under newer tokens, in another tab or after a fresh proof. If not, renewing tells, and ends it.
      const newer = token !== undefined && (await session.token(0).catch(() => undefined)) !== token;
      const renewal = newer ? 'renewed' : this.#renewed ? 'ended' : await session.renew();
      this.#renewed = true;
      if (this.#connection || this.#status !== 'waiting') return;
      if (renewal === 'ended') return this.#become('ended');
    } else if (isFinal(code)) return this.#become('ended');
    this.#again();
  }

  #onSaid(said: Said): void {
    const followed = said.channel === undefined ? undefined : this.#followed.get(said.channel);
    if (said.offset !== undefined) {
      if (followed) followed.offset = said.offset;
      else if (said.type === 'checkpoint' || said.type === 'pong') {
        for (const each of this.#followed.values()) if (each.on) each.offset = said.offset;
      }
    }
    const tell = (how: (handlers: ChannelHandlers) => void): void => followed?.handlers.forEach(how);
    switch (said.type) {
      case 'authenticated':
        return this.#onAuthenticated(said.expiresIn ?? null);
      case 'event':
        return tell((handlers) => handlers.onEvent?.(said as unknown as RealtimeEvent));
      case 'message':
        return tell((handlers) => handlers.onMessage?.(said as unknown as RealtimeMessage));
      case 'joined':
        return tell((handlers) => handlers.onJoined?.(said.userId!));
      case 'left':
        return tell((handlers) => handlers.onLeft?.(said.userId!));
      case 'unsubscribed':
        if (said.code === undefined || !followed) return undefined; // we asked for it
        followed.on = false;
        return tell((handlers) => handlers.onError?.(new RealtimeError(said.code as RealtimeCode)));
      default:
        return undefined;
    }
  }
  #onAuthenticated(expiresIn: number | null): void {
    this.#attempt = 0;
    this.#renewed = false;
    if (this.#status !== 'open') {
      this.#become('open');
      for (const [channel, followed] of this.#followed) void this.#follow(channel, followed);
    }
    clearTimeout(this.#timer);
    const { session, apiKey } = this.#parts;
    // A fresh token on the same connection, before the old one is over. A cookie cannot be shown: that one is closed, and comes back.
    if (expiresIn === null || apiKey !== undefined || session.delivery === 'cookie') return;
    const connection = this.#connection;
    this.#timer = setTimeout(
      () => {
        session.token(EARLY_SECONDS + 1).then(
          (token) => connection === this.#connection && token && connection?.send({ type: 'authenticate', token }),
          () => undefined, // not reached: the server will close, and then it is tried again
        );
      },
      Math.max(0.5, expiresIn - EARLY_SECONDS) * 1000,
    );
  }
  async #follow(channel: string, followed: Followed): Promise<void> {
    const connection = this.#connection;
    const since = followed.offset;
    try {
      const { recovered } = await connection!.ask({ type: 'subscribe', channel, ...(since !== undefined && { since }) });
      if (this.#followed.get(channel) !== followed) return;
      followed.on = true;
      for (const handlers of followed.handlers)
        if (recovered === true) handlers.onResumed?.();
        else handlers.onReload?.(since === undefined ? 'first' : 'gap');
    } catch (error) {
      if (connection !== this.#connection || this.#followed.get(channel) !== followed) return; // the next connection asks again
      const refused = error as RealtimeError;
      if (refused.code === 'UNAVAILABLE') setTimeout(() => void this.#retry(channel, followed), FIRST_MS + Math.random() * FIRST_MS);
      else for (const handlers of followed.handlers) handlers.onError?.(refused);
    }
  }
  async #retry(channel: string, followed: Followed): Promise<void> {
    if (this.#status === 'open' && !followed.on && this.#followed.get(channel) === followed) await this.#follow(channel, followed);
  }
  #leave(channel: string, followed: Followed, handlers: ChannelHandlers): void {
    followed.handlers.delete(handlers);
    if (followed.handlers.size > 0 || this.#followed.get(channel) !== followed) return;
    this.#followed.delete(channel);
    if (this.#status === 'open') this.#connection?.send({ type: 'unsubscribe', channel });
    if (this.#followed.size === 0) {
      clearTimeout(this.#lingering);
      this.#lingering = setTimeout(() => this.#followed.size === 0 && this.#stop('idle'), LINGER_MS);
      (this.#lingering as { unref?: () => void }).unref?.();
    }
  }
}
