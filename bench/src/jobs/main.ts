/** `npm run jobs --prefix bench -- [rounds] [jobs]`: jobs that do nothing, by Plinth's workers and by pg-boss used bare and tuned. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { freePort } from '../port.ts';
import { openPostgres } from '../postgres.ts';
import { ask, start } from '../realtime/server.ts';
import type { Asked, Round, Waits } from './side.ts';

const rounds = Number(process.argv[2] ?? 15);
const jobs = Number(process.argv[3] ?? 20_000);
const WAITS = 100;
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
const median = (values: readonly number[]): number => quantile(values, 0.5);

interface Measured {
  readonly name: string;
  readonly process: ChildProcess;
  readonly rounds: Round[];
}
const postgres = await openPostgres(process.env.BENCH_DATABASE_URL);
const sides: Measured[] = [];
/** Each in a process and on a database of its own. */
async function side(
  name: string,
  file: string,
  parameters: (url: string) => string[],
  env: (url: string) => Record<string, string>,
): Promise<void> {
  const { url } = await postgres.createDatabase(name.replaceAll(/\W/g, '_'));
  const child = start(`../jobs/${file}`, parameters(url), env(url));
  sides.push({ name, process: child, rounds: [] });
  const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (said !== 'ready') throw new Error(`${name} did not start`);
}
try {
  const port = await freePort();
  await side('plinth', 'plinth.ts', () => [], (url) => ({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: url,
    PLINTH_SECRET: randomBytes(32).toString('base64url'),
    PLINTH_ROLES: 'worker',
    SMTP_URL: 'smtp://127.0.0.1:9',
    LOG_LEVEL: 'error',
  })); // prettier-ignore
  for (const way of ['work', 'loop'] as const) await side(`pg-boss ${way}`, 'bare.ts', (url) => [url, way], () => ({})); // prettier-ignore

  for (let round = -1; round < rounds; round++) {
    const order = sides.map((each) => ({ each, at: Math.random() })).toSorted((a, b) => a.at - b.at);
    for (const { each } of order) {
      await postgres.checkpoint();
      const result = await ask<Round>(each.process, { do: 'round', jobs } satisfies Asked);
      if (round >= 0) each.rounds.push(result); // the first warms up
    }
  }
  console.log(`${jobs} jobs that do nothing, ${rounds} rounds in an order drawn for each`);
  for (const { name, rounds: all } of sides) {
    const [speed, cpu] = [median(all.map(({ perSecond }) => perSecond)), median(all.map((one) => one.cpu))];
    console.log(
      `  ${name.padEnd(14)} ${Math.round(speed).toLocaleString('en').padStart(7)} jobs/s   ${cpu.toFixed(1)} µs of its own CPU a job`,
    );
  }
  const [plinth, ...bare] = sides as [Measured, ...Measured[]];
  for (const other of bare) {
    const ratios = plinth.rounds.map(({ perSecond }, i) => perSecond / other.rounds[i]!.perSecond);
    console.log(
      `  against ${other.name}: ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}), median of the rounds' ratios`,
    );
  }
  console.log(`\nfrom the commit of an enqueue to the start of its run, idle, ${WAITS} times`);
  for (const { name, process } of sides) {
    const waits = await ask<Waits>(process, { do: 'waits', count: WAITS } satisfies Asked);
    console.log(`  ${name.padEnd(14)} p50 ${median(waits).toFixed(1)} ms   p95 ${quantile(waits, 0.95).toFixed(1)} ms`);
  }
} finally {
  for (const each of sides) if (each.process.connected) each.process.disconnect();
  await postgres.stop();
}
