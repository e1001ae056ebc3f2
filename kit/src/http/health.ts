import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';

/** Resolves when the thing works, throws when not. */
export type Check = () => Promise<void>;
/** Runs all checks, unless that was done within the last second. */
export type Readiness = () => Promise<Readonly<Record<string, CheckResult>>>;
export interface HealthOptions {
  /** What must work before this process may take requests. */
  readonly readiness: Readiness;
  /** `performance.now()` when the process began; 0 is the start of the process. */
  readonly startedAt: number;
  /** True from SIGTERM on: balancers must send requests elsewhere. */
  readonly isDraining: () => boolean;
}
export interface CheckResult {
  readonly status: 'ok' | 'failed';
  /** Milliseconds it took. */
  readonly ms: number;
}

const TIMEOUT_MS = 1000;
/** As long as this, one result answers every probe: whoever asks more often must not load the database. */
const KEPT_MS = 1000;

/**
 * Runs all checks at once, each for a second at most, and keeps what they said for a second.
 * @param checks by name: `database`, `storage`, `queue`.
 * @param logger gets why a check failed; replies only name it.
 */
export function createReadiness(checks: Readonly<Record<string, Check>>, logger?: Logger): Readiness {
  const pending = new Map<string, Promise<void>>();
  const failing = new Set<string>();
  let last: { readonly at: number; readonly results: Promise<Readonly<Record<string, CheckResult>>> } | undefined;

  const note = (name: string, error: unknown): void => {
    if (error === undefined ? failing.delete(name) : !failing.has(name)) {
      if (error === undefined) logger?.info({ check: name }, 'check passes again');
      else {
        failing.add(name);
        logger?.warn({ check: name, err: error }, 'check failed');
      }
    }
  };
  /** A check that still hangs from before is not begun again, or probes would pile up connections. */
  const begun = (name: string, check: Check): Promise<void> => {
    let run = pending.get(name);
    if (!run) {
      run = (async () => check())().finally(() => pending.delete(name));
      run.catch(() => {});
      pending.set(name, run);
    }
    return run;
  };
  const result = async (name: string, check: Check): Promise<[string, CheckResult]> => {
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>(
      (_resolve, reject) => (timer = setTimeout(() => reject(new Error(`no answer in ${TIMEOUT_MS} ms`)), TIMEOUT_MS)),
    );
    let error: unknown;
    try {
      await Promise.race([begun(name, check), late]);
    } catch (cause) {
      error = cause ?? new Error('failed');
    } finally {
      clearTimeout(timer);
    }
    note(name, error);
    return [name, { status: error === undefined ? 'ok' : 'failed', ms: Math.round(performance.now() - startedAt) }];
  };
  return () => {
    const now = performance.now();
    if (!last || now - last.at >= KEPT_MS) {
      const results = Promise.all(Object.entries(checks).map(([name, check]) => result(name, check))).then((all) =>
        Object.fromEntries(all),
      );
      last = { at: now, results };
    }
    return last.results;
  };
}

/**
 * `/health` (everything), `/health/live` (the process answers), `/health/ready` (it may be sent requests). 503 names what
 * failed. Their form is that of probes, without the envelope.
 */
export function registerHealth(fastify: FastifyInstance, { readiness, startedAt, isDraining }: HealthOptions): void {
  const state = async (): Promise<{
    status: 'ok' | 'draining' | 'failed';
    failed: string[];
    results: Readonly<Record<string, CheckResult>>;
  }> => {
    const results = await readiness();
    const failed = Object.keys(results).filter((name) => results[name]!.status === 'failed');
    return { status: isDraining() ? 'draining' : failed.length > 0 ? 'failed' : 'ok', failed, results };
  };
  const answer = (reply: FastifyReply, status: string, body: object): FastifyReply =>
    reply
      .code(status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, ...body });

  fastify.get('/health/live', (_request, reply) => answer(reply, 'ok', {}));
  fastify.get('/health/ready', async (_request, reply) => {
    const { status, failed } = await state();
    return answer(reply, status, { failed });
  });
  fastify.get('/health', async (_request, reply) => {
    const { status, failed, results } = await state();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    return answer(reply, status, {
      uptime: Math.round((performance.now() - startedAt) / 1000),
      failed,
      checks: results,
      memory: { rss, heapUsed, heapTotal, external },
    });
  });
}
