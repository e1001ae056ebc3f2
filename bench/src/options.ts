import { parseArgs } from 'node:util';

export const SCENARIOS = [
  'read',
  'list',
  'create',
  'create-idempotent',
  'create-sealed',
  'order',
  'sign-in',
  'refresh',
  'read-scoped',
  'list-scoped',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface Options {
  readonly quick: boolean;
  readonly rounds: number;
  /** How often a round comes to each server, and for how many seconds each time. */
  readonly passes: number;
  readonly seconds: number;
  /** Seconds of load that are not measured: before each pass, and once per scenario. */
  readonly warmUp: number;
  readonly firstWarmUp: number;
  /** Seconds of the bystander alone, and of sign-ins beside it. */
  readonly signInSeconds: number;
  readonly connections: number;
  readonly only: readonly ScenarioName[];
  readonly without: readonly string[];
  /** Where the report goes; undefined prints it only. */
  readonly out: string | undefined;
  /** An outside Postgres and a role that may create databases; without it the harness starts one. */
  readonly databaseUrl: string | undefined;
}

const list = (text: string | undefined): string[] =>
  text
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean) ?? [];

const USAGE = `npm run bench -- [options]
  --only=a,b       scenarios: ${SCENARIOS.join(', ')}
  --without=a,b    servers that take no part
  --rounds=9       rounds of each scenario
  --quick          three short rounds: does it still run?
  --out=FILE       where the report goes; RESULTS.md of a whole run
BENCH_DATABASE_URL=postgres://… measures on a Postgres of yours.`;

/** Reads the command line; throws with the usage on anything it does not know. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: process.env.BENCH_QUICK === '1' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      without: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const only = list(values.only),
    unknown = only.filter((name) => !(SCENARIOS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`unknown scenario ${unknown.join(', ')}; there are ${SCENARIOS.join(', ')}`);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 9));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number from 1');
  return {
    quick: values.quick,
    rounds,
    ...(values.quick
      ? { passes: 2, seconds: 0.7, warmUp: 0.3, firstWarmUp: 6, signInSeconds: 3 }
      : { passes: 3, seconds: 1, warmUp: 0.3, firstWarmUp: 10, signInSeconds: 6 }),
    connections: 32,
    only: only.length > 0 ? (only as ScenarioName[]) : SCENARIOS,
    without: list(values.without),
    out:
      values.out ??
      (values.quick || rounds < 9 || only.length > 0 || values.without !== undefined
        ? undefined
        : new URL('../RESULTS.md', import.meta.url).pathname),
    databaseUrl: process.env.BENCH_DATABASE_URL,
  };
}
