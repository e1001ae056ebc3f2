import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Credentials, Door } from '../feature.ts';
import { CLOSE } from './codes.ts';
import type { Peer, Proof } from './peer.ts';
import { Turns } from './turns.ts';

export interface KeeperTimes {
  /** Milliseconds between two looks at all connections. */
  readonly tickMs: number;
  /** Milliseconds in which a connection must say who it is. */
  readonly authenticateMs: number;
  /** Milliseconds of silence after which a ping is sent. */
  readonly pingMs: number;
  /** Milliseconds in which anything must come after it. */
  readonly pongMs: number;
}
export const TIMES: KeeperTimes = { tickMs: 250, authenticateMs: 5000, pingMs: 25_000, pongMs: 10_000 };
/** A proof is asked for again after this long, whatever is known of it. */
const REASK_MS = 30_000;
/** Nothing is asked twice in this time. */
const REST_MS = 900;
/** So long may nobody be able to say whether a session stands. */
const BLIND_MS = 10_000;
/** Questions at the same time. */
const QUESTIONS = 8;

export interface KeeperParts {
  readonly door: Door;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Looks at everything that the connection follows again, and ends what is not allowed any more. */
  readonly judge: (peer: Peer) => Promise<void>;
}

/** Asks whose proof it is. @returns null: nobody's. */
export async function proofOf({ door, clock }: Pick<KeeperParts, 'door' | 'clock'>, credentials: Credentials): Promise<Proof | null> {
  const asked = clock.monotonic();
  const principal = await door.authenticate(credentials);
  if (principal === null) return null;
  return { credentials, principal, asked, until: door.standing?.until(credentials) };
}

/**
 * Looks after open connections: who says nothing of themselves, whose token or session ended, whose permissions changed, and who
 * is not there any more. All of it is a look into memory, several times a second; a question is asked where memory cannot say.
 */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #times: KeeperTimes;
  readonly #peers: ReadonlySet<Peer>;
  readonly #questions = new Turns(QUESTIONS);
  #timer: NodeJS.Timeout | undefined;
  constructor(parts: KeeperParts, peers: ReadonlySet<Peer>, times: KeeperTimes) {
    this.#parts = parts;
    this.#peers = peers;
    this.#times = times;
  }
  start(): void {
    this.#timer ??= setInterval(() => this.#look(), this.#times.tickMs).unref();
  }
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = this.#parts.clock.monotonic();
    for (const peer of this.#peers) {
      this.#checkPulse(peer, now);
      if (!peer.closed) this.#checkProof(peer, now);
      if (!peer.closed && !peer.busy) this.#checkHeld(peer, now);
    }
  }
  #checkPulse(peer: Peer, now: number): void {
    if (peer.pinged > 0 && peer.heard < peer.pinged) {
      // A half-open connection takes no farewell: it ends at once (S108).
      if (now - peer.pinged > this.#times.pongMs) {
        peer.close(CLOSE.silent);
        peer.wire.destroy();
      }
    } else if (now - Math.max(peer.heard, peer.pinged) > this.#times.pingMs) {
      peer.pinged = now;
      if (!peer.wire.ping()) peer.heard = now;
    }
  }
  #checkProof(peer: Peer, now: number): void {
    const { proof } = peer;
    if (proof === null) {
      if (now - peer.opened > this.#times.authenticateMs) peer.close(CLOSE.unauthenticated);
      return;
    }
    if (proof.until !== undefined && now >= proof.until) return peer.close(CLOSE.expired);
    if (peer.busy || now - proof.asked < REST_MS) return;
    const { standing } = this.#parts.door;
    if (!standing || now - proof.asked > REASK_MS || standing.endedSince(proof.principal, proof.asked)) this.#ask(peer, proof);
  }
  #ask(peer: Peer, proof: Proof): void {
    this.#busy(peer, async () => {
      const now = (): number => this.#parts.clock.monotonic();
      try {
        const again = await proofOf(this.#parts, proof.credentials);
        if (peer.proof !== proof) return; // another was shown meanwhile
        if (again === null) peer.close(proof.until !== undefined && now() >= proof.until ? CLOSE.expired : CLOSE.ended);
        else peer.proof = again;
      } catch {
        if (now() - proof.asked > BLIND_MS) peer.close(CLOSE.unavailable);
      }
    });
  }
  #checkHeld(peer: Peer, now: number): void {
    if (peer.proof === null) return;
    const { door, judge } = this.#parts;
    const held = door.held?.(peer.proof.principal);
    if ((held !== undefined && held === peer.held) || now - peer.judged < (held === undefined ? REST_MS : 0)) return;
    peer.judged = now;
    this.#busy(peer, async () => {
      await judge(peer);
      peer.held = held;
    });
  }
  #busy(peer: Peer, work: () => Promise<void>): void {
    peer.busy = true;
    this.#questions
      .take(async () => {
        if (!peer.closed) await work();
      })
      .catch((err: unknown) => this.#parts.logger.warn({ err }, 'a realtime connection could not be looked after; tried again'))
      .finally(() => (peer.busy = false));
  }
}
