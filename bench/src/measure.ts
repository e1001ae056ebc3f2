import { availableParallelism } from 'node:os';
import type { Generator } from './generator.ts';
import type { LoadResult } from './load.ts';
import type { Options } from './options.ts';
import type { Postgres } from './postgres.ts';
import type { RunningServer } from './process.ts';
import type { Scenario } from './scenarios.ts';
import { percentile, shuffled, sortedTogether } from './statistics.ts';

/** One slice of one server. */
export interface Slice {
  /** Server CPU per request, microseconds. */
  readonly cpu: number;
  /** Requests per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
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

/**
 * Rounds of one slice per server, each round in another order. A slice is asked for in short passes, in turn with the
 * others': whatever else the machine does meets all servers alike.
 */
export async function measure(
  bench: Bench,
  scenario: Scenario,
  servers: readonly RunningServer[],
  progress: (line: string) => void,
): Promise<Measured> {
  const { options, postgres } = bench;
  const slices = new Map<string, Slice[]>(servers.map(({ definition }) => [definition.name, []]));
  for (const server of servers) await warmUp(bench, scenario, server);
  for (let round = 1; round <= options.rounds; round++) {
    await postgres.checkpoint();
    const order = shuffled(servers),
      passes = new Map<RunningServer, Pass[]>(servers.map((server) => [server, []]));
    for (let pass = 1; pass <= (scenario.name === 'sign-in' ? 1 : options.passes); pass++) {
      for (const server of order)
        passes
          .get(server)!
          .push(scenario.name === 'sign-in' ? await signInPass(bench, server) : await requestPass(bench, scenario, server));
    }
    for (const [server, parts] of passes) slices.get(server.definition.name)!.push(sliceOf(parts));
    progress(`round ${round}/${options.rounds}`);
  }
  return slices;
}

const warmUp = ({ options, generator }: Bench, { name, connections = options.connections }: Scenario, server: RunningServer) =>
  generator.run(server.load(name, options.firstWarmUp, name === 'sign-in' ? signInConnections() : connections));

interface Pass {
  readonly cpu: number;
  readonly load: LoadResult;
  readonly bystander?: Slice['bystander'];
}

async function requestPass(
  { options, generator }: Bench,
  { name, connections = options.connections }: Scenario,
  server: RunningServer,
): Promise<Pass> {
  await generator.run(server.load(name, options.warmUp, connections));
  return counted(server, () => generator.run(server.load(name, options.seconds, connections)));
}

async function counted(server: RunningServer, run: () => Promise<LoadResult>): Promise<Pass> {
  const before = await server.usage();
  const load = await run();
  const after = await server.usage();
  return { cpu: after.cpu - before.cpu, load };
}

function sliceOf(passes: readonly Pass[]): Slice {
  const sum = (of: (pass: Pass) => number): number => passes.reduce((total, pass) => total + of(pass), 0);
  const requests = sum(({ load }) => load.requests);
  const latencies = sortedTogether(passes.map(({ load }) => load.latencies));
  const bystander = passes[0]?.bystander;
  return {
    cpu: sum(({ cpu }) => cpu) / requests,
    rate: requests / sum(({ load }) => load.seconds),
    p50: percentile(latencies, 50),
    p95: percentile(latencies, 95),
    p99: percentile(latencies, 99),
    ...(bystander && { bystander }),
  };
}

/** More than are hashed at once, so that the bound is what limits. */
const signInConnections = (): number => 8 * Math.max(1, availableParallelism() - 1);

/** A bystander reads at a steady rate, first alone, then beside as many sign-ins as the server takes. */
async function signInPass({ options, generator, bystander }: Bench, server: RunningServer): Promise<Pass> {
  const reads = { ...server.load('read', options.signInSeconds, 16), rate: BYSTANDER_RATE };
  await bystander.run({ ...reads, seconds: options.warmUp });
  const idle = await bystander.run(reads);
  const signIns = server.load('sign-in', options.signInSeconds, signInConnections());
  const [pass, busy] = await Promise.all([counted(server, () => generator.run(signIns)), bystander.run(reads)]);
  return { ...pass, bystander: { idle: idle.latencies, busy: busy.latencies } };
}
