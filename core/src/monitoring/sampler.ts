import { hostname } from 'node:os';
import { type Kit, type Logger, type Replies, uuidv7 } from '@plinth/kit';
import { EVERY_SECONDS, type MonitoringRepository, type NodeIdentity, type Sample } from './repository.ts';

export interface SamplerParts extends Pick<Kit, 'config' | 'db' | 'jobs' | 'log' | 'metrics' | 'realtime' | 'version'> {
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

const FIRST_MS = 2000;
const GOOD_BYE_MS = 1000;
/** What is shared is counted for at most this part of the time, however large the queues are. */
const SHARE_OF_TIME = 0.01;

const less = (now: readonly number[], before: readonly number[]): number[] => now.map((count, i) => count - (before[i] ?? 0));
/** From -half to +half of the turn. */
const nearest = (seconds: number, turn: number): number => seconds - turn * Math.round(seconds / turn);

/** Writes down every ten seconds what this node did; and, where no other node was faster, what belongs to none. */
export class Sampler {
  readonly identity: NodeIdentity;
  readonly #parts: SamplerParts;
  readonly #repository: MonitoringRepository;
  readonly #loopDelay: () => number;
  /** Where in the ten seconds of the database's clock this node writes: not at their edges, or a step would have two rows and the next none. */
  readonly #phase = EVERY_SECONDS * (0.2 + Math.random() * 0.6);
  #before: Replies = { buckets: [], classes: [] };
  #at = performance.now();
  #restUntil = 0;
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #pending: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: SamplerParts, repository: MonitoringRepository) {
    this.#parts = parts;
    this.#repository = repository;
    this.#loopDelay = parts.metrics.loopDelay();
    this.identity = {
      node: uuidv7(),
      host: hostname(),
      process: process.pid,
      roles: [...parts.config.roles],
      version: parts.version,
      startedAt: new Date(Date.now() - process.uptime() * 1000).toISOString(),
    };
  }
  /** As people know it. */
  get name(): string {
    return nameOf(this.identity);
  }

  start(): void {
    this.#before = this.#parts.metrics.replies();
    this.#at = performance.now();
    this.#next(FIRST_MS);
  }
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    let late: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (late = setTimeout(resolve, GOOD_BYE_MS)));
    await Promise.race([this.#pending.then(() => this.sample(true)), enough]);
    clearTimeout(late);
  }
  #next(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#pending = this.sample().then((pause) => this.#next(pause));
    }, ms).unref();
  }

  /** Never fails: what could not be written is part of the next row. @returns milliseconds until the next. */
  async sample(last = false): Promise<number> {
    try {
      const now = performance.now();
      const replies = this.#parts.metrics.replies();
      const written = await this.#repository.add(this.#take(now, replies, last));
      this.#at = now;
      this.#before = replies;
      if (written.due && !last) await this.#shared();
      if (this.#failing) this.#parts.logger.info('samples of the load are written again');
      this.#failing = false;
      return (EVERY_SECONDS + nearest(this.#phase - (written.now % EVERY_SECONDS), EVERY_SECONDS)) * 1000;
    } catch (error) {
      if (!this.#failing) this.#parts.logger.warn({ err: error }, 'a sample of the load could not be written');
      this.#failing = true;
      return EVERY_SECONDS * 1000;
    }
  }
  #take(now: number, replies: Replies, last: boolean): Sample {
    const { db, realtime } = this.#parts;
    const { connections, subscriptions } = realtime.statistics();
    const pool = db.statistics();
    const memory = process.memoryUsage();
    return {
      ...this.identity,
      seconds: Math.max(0.001, (now - this.#at) / 1000),
      buckets: less(replies.buckets, this.#before.buckets),
      classes: less(replies.classes, this.#before.classes),
      loopDelayMs: this.#loopDelay() * 1000,
      memoryBytes: memory.rss,
      heapBytes: memory.heapUsed,
      connections,
      subscriptions,
      poolUsed: pool.total - pool.idle,
      poolWaiting: pool.waiting,
      poolMax: pool.max,
      last,
    };
  }
  async #shared(): Promise<void> {
    const startedAt = performance.now();
    if (startedAt < this.#restUntil) return;
    const [queues, { waiting, waitingSeconds }] = await Promise.all([this.#parts.jobs.admin.queues(), this.#parts.log.statistics()]);
    const took = performance.now() - startedAt;
    this.#restUntil = startedAt + took / SHARE_OF_TIME;
    const sum = (of: 'ready' | 'running' | 'dead'): number => queues.reduce((total, queue) => total + queue[of], 0);
    await this.#repository.addShared({
      ready: sum('ready'),
      running: sum('running'),
      dead: sum('dead'),
      oldestSeconds: Math.max(0, ...queues.map(({ oldestSeconds }) => oldestSeconds ?? 0)),
      lagFacts: waiting,
      lagSeconds: waitingSeconds,
    });
  }
}

export const nameOf = ({ host, process: pid }: Pick<NodeIdentity, 'host' | 'process'>): string => `${host} · ${pid}`;
