import type { Logger } from 'pino';
import { type Caller, system } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { type Loop, startLoop } from '../loop.ts';
import { madeStorable } from '../storable.ts';
import { uuidv7 } from '../uuid.ts';
import { type Draft, draftFact, insertDrafts } from './draft.ts';
import { refusalsOverflowed, refused } from './events.ts';
import type { Refusal } from './log.ts';

const BUFFERED = 1000;
const FLUSH_MS = 250;
const ALIKE = 10;
const WINDOW_MS = 60_000;
const KINDS = 10_000;

interface Kind {
  readonly caller: Caller;
  readonly refusal: Refusal;
  readonly since: number;
  seen: number;
}
export interface Refusals {
  add(caller: Caller, refusal: Refusal): void;
  start(): void;
  /** Writes what is left. */
  stop(): Promise<void>;
  readonly anonymous: number;
}

/**
 * Refusals as facts, without letting an attacker fill the log: ten alike a minute stand alone, the rest of that minute is one
 * closing fact with a count, and what the buffer cannot hold is one more.
 */
export function createRefusals({
  db,
  logger,
  clock,
  wake,
}: {
  readonly db: Database;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly wake: () => void;
}): Refusals {
  const kinds = new Map<string, Kind>();
  let buffer: Draft[] = [];
  let overflow = 0;
  let anonymous = 0;
  let loop: Loop | undefined;

  const push = (caller: Caller, { code, reason, account }: Refusal, count: number): void => {
    const detail = { outcome: 'refused' as const, reason: madeStorable(reason), ...(account !== undefined && { about: account }) };
    buffer.push(draftFact(caller, refused, { code: madeStorable(code), account: account ?? null, count }, detail));
  };
  const close = (now: number): void => {
    for (const [name, { caller, refusal, since, seen }] of kinds) {
      if (now - since < WINDOW_MS) continue;
      kinds.delete(name);
      if (seen > ALIKE) push(caller, refusal, seen - ALIKE);
    }
  };
  const flush = async (): Promise<boolean> => {
    close(clock.monotonic());
    if (overflow > 0) {
      const nobody = system('log.refusals', null, uuidv7());
      buffer.push(draftFact(nobody, refusalsOverflowed, { count: overflow }, { outcome: 'refused' }));
      overflow = 0;
    }
    if (buffer.length === 0) return false;
    const writing = buffer;
    buffer = [];
    try {
      await db.run(insertDrafts(writing));
    } catch (error) {
      buffer = [...writing, ...buffer];
      for (const { payload } of buffer.splice(BUFFERED)) overflow += (payload as { count: number }).count;
      throw error;
    }
    wake();
    return false;
  };
  const add = (caller: Caller, refusal: Refusal): void => {
    const { principal, origin } = caller;
    const who = principal.user?.id ?? principal.key?.id ?? refusal.account;
    if (who === undefined) {
      anonymous++;
      logger.info(
        { code: refusal.code, reason: refusal.reason, operation: origin.operation, requestId: origin.requestId, address: origin.address },
        'refused',
      );
      return;
    }
    const name = JSON.stringify([who, refusal.account, refusal.code, refusal.reason, origin.operation]);
    const kind = kinds.get(name);
    if (kind && ++kind.seen > ALIKE) return;
    if (buffer.length >= BUFFERED || (!kind && kinds.size >= KINDS)) {
      overflow++;
      return;
    }
    if (!kind) kinds.set(name, { caller, refusal, since: clock.monotonic(), seen: 1 });
    push(caller, refusal, 1);
  };

  return {
    add(caller, refusal) {
      try {
        add(caller, refusal);
      } catch (error) {
        logger.error({ err: error, code: refusal.code }, 'a refusal could not be recorded');
      }
    },
    start() {
      loop = startLoop({ name: 'refusals', everyMs: FLUSH_MS, run: flush, logger });
    },
    async stop() {
      await loop?.stop();
      close(Number.POSITIVE_INFINITY);
      await flush().catch((error: unknown) => logger.error({ err: error }, 'the last refusals were not written'));
    },
    get anonymous() {
      return anonymous;
    },
  };
}
