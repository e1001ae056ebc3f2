/** The load generator: a process of its own, so that its work is never counted as a server's. Started by `generator.ts`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { EXPECTED, type Load, openSessions, requestsOf } from './traffic.ts';

export interface LoadResult {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array;
  /** The first answers that were not the expected ones, in words. */
  readonly wrong: readonly string[];
}

async function run(load: Load): Promise<LoadResult> {
  const pool = new Pool(load.origin, { connections: load.connections, pipelining: 1, keepAliveTimeout: 60_000 });
  await openSessions(load);
  const next = requestsOf(load),
    expected = EXPECTED[load.kind];
  const latencies: number[] = [],
    wrong: string[] = [];
  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const request = next(),
        began = performance.now();
      let status = 0,
        text = '';
      const end = (problem?: string): void => {
        latencies.push(performance.now() - began);
        if (problem !== undefined && wrong.length < 3) wrong.push(`${request.method} ${request.path}: ${problem}`);
        resolve();
      };
      pool.dispatch(request, {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          if (status !== expected || request.answered) text += chunk.toString();
        },
        onResponseEnd() {
          if (status === expected) request.answered?.(text);
          end(status === expected ? undefined : `${status} ${text.slice(0, 300)}`);
        },
        onResponseError(_controller, error) {
          end(String(error));
        },
      });
    });

  const began = performance.now(),
    deadline = began + load.seconds * 1000;
  if (load.rate === undefined) {
    await Promise.all(
      Array.from({ length: load.connections }, async () => {
        while (performance.now() < deadline && wrong.length === 0) await once();
      }),
    );
  } else {
    const underway: Promise<void>[] = [];
    for (let n = 1; performance.now() < deadline && wrong.length === 0; n++) {
      underway.push(once());
      await sleep(Math.max(0, began + (n * 1000) / load.rate - performance.now()));
    }
    await Promise.all(underway);
  }
  const seconds = (performance.now() - began) / 1000;
  await pool.destroy();
  return { requests: latencies.length, seconds, latencies: Float64Array.from(latencies).sort(), wrong };
}

process.on('message', (load: Load) => {
  run(load).then(
    (result) => process.send!(result),
    (error: unknown) => process.send!({ requests: 0, seconds: 0, latencies: new Float64Array(), wrong: [String(error)] }),
  );
});
process.on('disconnect', () => process.exit());
