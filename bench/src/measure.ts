import { availableParallelism } from 'node:os';
import type { Generator } from './generator.ts';
import type { LoadResult } from './load.ts';
import type { Options } from './options.ts';
import type { Postgres } from './postgres.ts';
import type { RunningServer } from './process.ts';
import type { Scenario } from './scenarios.ts';
import { percentile, shuffled } from './statistics.ts';
import type { Kind, Load } from './traffic.ts';

/** One slice of one server. */
export interface Slice {
  /** Server CPU per request, microseconds. */
  readonly cpu: number;
  /** Requests per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Only in sign-in: every latency of the bystander's reads, milliseconds, sorted. */
  readonly bystander?: { readonly idle: Float64Array; readonly busy: Float64Array };
}
/** By server name, one slice per round. */
export type Measured = ReadonlyMap<string, readonly Slice[]>;

export interface Bench {
  readonly options: Options;
  readonly postgres: Postgres;
  readonly generator: Generator;
  /** Its own process: the bystander's clock must not wait behind the load's. */
  readonly bystander: Generator;
}

const BYSTANDER_RATE = 200;

const loadOf = (server: RunningServer, kind: Kind, seconds: number, connections: number): Load => ({
  kind, origin: server.origin, paths: server.definition.paths, token: server.token, accounts: server.accounts, connections, seconds,
});

/** Rounds of one slice per server, in another order each round, so that whatever the machine does meets all of them alike. */
export async function measure(bench: Bench, scenario: Scenario, servers: readonly RunningServer[], progress: (line: string) => void): Promise<Measured> {
  const { options, postgres } = bench;
  const slices = new Map<string, Slice[]>(servers.map(({ definition }) => [definition.name, []]));
  for (const server of servers) await warmUp(bench, scenario, server, 3 * options.warmUp);
  for (let round = 1; round <= options.rounds; round++) {
    await postgres.checkpoint();
    for (const server of shuffled(servers)) {
      const slice = scenario.name === 'sign-in' ? await signInSlice(bench, server) : await requestSlice(bench, scenario.name, server);
      slices.get(server.definition.name)!.push(slice);
    }
    progress(`round ${round}/${options.rounds}`);
  }
  return slices;
}

const warmUp = ({ options, generator }: Bench, { name }: Scenario, server: RunningServer, seconds: number): Promise<LoadResult> =>
  generator.run(loadOf(server, name, seconds, name === 'sign-in' ? signInConnections() : options.connections));

async function requestSlice({ options, generator }: Bench, kind: Kind, server: RunningServer): Promise<Slice> {
  await generator.run(loadOf(server, kind, options.warmUp, options.connections));
  return counted(server, () => generator.run(loadOf(server, kind, options.slice, options.connections)));
}

async function counted(server: RunningServer, load: () => Promise<LoadResult>): Promise<Slice> {
  const before = await server.usage();
  const { requests, seconds, latencies } = await load();
  const after = await server.usage();
  return { cpu: (after.cpu - before.cpu) / requests, rate: requests / seconds, p50: percentile(latencies, 50), p99: percentile(latencies, 99) };
}

/** More than are hashed at once, so that the bound is what limits. */
const signInConnections = (): number => 8 * Math.max(1, availableParallelism() - 1);

/** A bystander reads at a steady rate, first alone, then beside as many sign-ins as the server takes. */
async function signInSlice({ options, generator, bystander }: Bench, server: RunningServer): Promise<Slice> {
  const reads = { ...loadOf(server, 'read', 2 * options.slice, 16), rate: BYSTANDER_RATE };
  await bystander.run({ ...reads, seconds: options.warmUp });
  const idle = await bystander.run(reads);
  const signIns = loadOf(server, 'sign-in', 2 * options.slice, signInConnections());
  const [slice, busy] = await Promise.all([counted(server, () => generator.run(signIns)), bystander.run(reads)]);
  return { ...slice, bystander: { idle: idle.latencies, busy: busy.latencies } };
}
