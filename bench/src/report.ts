import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Measured, Slice } from './measure.ts';
import type { Options } from './options.ts';
import type { Postgres } from './postgres.ts';
import type { Scenario } from './scenarios.ts';
import { median, percentile, type Spread, spreadOf } from './statistics.ts';

const ratio = ({ median, min, max }: Spread): string => `**${median.toFixed(2)}** (${min.toFixed(2)}–${max.toFixed(2)})`;
const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));

/** Per round, one slice against the other slice of the same round. */
const against = (slices: readonly Slice[], base: readonly Slice[], of: (slice: Slice, base: Slice) => number): Spread =>
  spreadOf(slices.map((slice, round) => of(slice, base[round]!)));
/** How many of this server's requests one request's worth of the other server's CPU pays for. */
const cpuRatio = (slice: Slice, base: Slice): number => base.cpu / slice.cpu;
const rateRatio = (slice: Slice, base: Slice): number => slice.rate / base.rate;

/** One table of a scenario, in Markdown: medians of the rounds' ratios, and in brackets the smallest and the largest. */
export function table(scenario: Scenario, measured: Measured): string {
  const bases = scenario.baselines.filter((name) => measured.has(name));
  const heads = bases.flatMap((name) => [`CPU, × ${name}`, `throughput, × ${name}`]);
  const lines = [
    `| server | CPU per request, µs | requests/s | p50, ms | p95, ms | p99, ms |${heads.map((head) => ` ${head} |`).join('')}`,
    `|---|--:|--:|--:|--:|--:|${heads.map(() => '--:|').join('')}`,
  ];
  for (const { name, title } of scenario.servers) {
    const slices = measured.get(name);
    if (!slices) continue;
    const middle = (of: (slice: Slice) => number): string => number(median(slices.map(of)));
    const ratios = bases.flatMap((base) => {
      if (base === name) return ['1', '1'];
      const reference = measured.get(base)!;
      return [ratio(against(slices, reference, cpuRatio)), ratio(against(slices, reference, rateRatio))];
    });
    lines.push(
      `| ${title} | ${middle((s) => s.cpu)} | ${middle((s) => s.rate)} | ${middle((s) => s.p50)} | ${middle((s) => s.p95)} | ${middle((s) => s.p99)} |${ratios.map((cell) => ` ${cell} |`).join('')}`,
    );
  }
  const bystander = bystanderTable(scenario, measured);
  return lines.join('\n') + (bystander === '' ? '' : `\n\n${bystander}`);
}

function bystanderTable(scenario: Scenario, measured: Measured): string {
  if (scenario.name !== 'sign-in') return '';
  const lines = [
    'The bystander: 200 reads by id a second on the same server, alone and beside the sign-ins. Medians of the rounds; in brackets the smallest and the largest round.',
    '',
    '| server | p50 idle, ms | p99 idle, ms | p99 beside sign-ins, ms | × idle | under 5× |',
    '|---|--:|--:|--:|--:|---|',
  ];
  for (const { name, title } of scenario.servers) {
    const slices = measured.get(name)?.flatMap(({ bystander }) => (bystander ? [bystander] : []));
    if (!slices || slices.length === 0) continue;
    const middle = (window: 'idle' | 'busy', p: number): number => median(slices.map((slice) => percentile(slice[window], p)));
    const rounds = spreadOf(slices.map((slice) => percentile(slice.busy, 99) / percentile(slice.idle, 99)));
    const times = middle('busy', 99) / middle('idle', 99);
    lines.push(
      `| ${title} | ${number(middle('idle', 50))} | ${number(middle('idle', 99))} | ${number(middle('busy', 99))} | **${times.toFixed(2)}** (${rounds.min.toFixed(2)}–${rounds.max.toFixed(2)}) | ${times < 5 ? 'yes' : 'no'} |`,
    );
  }
  return lines.join('\n');
}

const PACKAGES = [
  'fastify',
  'pg',
  'fast-jwt',
  '@node-rs/argon2',
  'express',
  'jsonwebtoken',
  '@prisma/client',
  '@nestjs/core',
  '@nestjs/typeorm',
  'typeorm',
  'undici',
];
const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')) as { version: string }).version;

export function document(
  options: Options,
  postgres: Postgres,
  sections: readonly { scenario: Scenario; measured: Measured }[],
  seconds: number,
): string {
  const [cpu] = cpus();
  const settings = Object.entries(postgres.settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return `# Results

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, in ${Math.round(seconds / 60)} minutes. How it measures, and what it leaves out: [README.md](README.md).

Every ratio is against a server of the same table, measured in the same round: **the median of ${options.rounds} rounds** (smallest–largest). **More is better in every ratio**: CPU 0.50 means that a request costs
the server's process twice the CPU. The A/A control is the same server a second time: what it differs from 1 is what the machine does by itself, and no smaller difference means anything.

| | |
|---|---|
| Machine | ${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()} ${arch()}; load, servers and Postgres share it |
| Node | ${process.version} |
| PostgreSQL | ${postgres.version}; ${settings} |
| Packages | ${PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ')} |
| Load | ${options.connections} connections, closed loop; ${options.rounds} rounds of ${options.passes} × ${options.seconds} s a server, ${options.warmUp} s unmeasured before each; sign-in ${options.signInSeconds} s idle and ${options.signInSeconds} s busy |

${sections.map(({ scenario, measured }) => `## ${scenario.title}\n\n${table(scenario, measured)}\n`).join('\n')}`;
}
