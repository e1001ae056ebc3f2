/** `npm run bench`: one outside Postgres, every server a child process, interleaved rounds, ratios. */
import { writeFile } from 'node:fs/promises';
import { check } from './check.ts';
import type { ServerDefinition } from './definition.ts';
import { Generator } from './generator.ts';
import { type Bench, type Measured, measure } from './measure.ts';
import { readOptions } from './options.ts';
import { plinth, sealing } from './plinth.ts';
import { openPostgres } from './postgres.ts';
import { RunningServer } from './process.ts';
import { document, table } from './report.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const began = performance.now();
const options = readOptions();
const say = (line: string): void => console.log(line);

const chosen = scenarios(plinth, sealing)
  .filter(({ name }) => options.only.includes(name))
  .map((scenario) => ({ ...scenario, servers: scenario.servers.filter(({ name }) => !options.without.includes(name)) }));
const definitions = [
  ...new Map(chosen.flatMap(({ servers }) => servers).map((definition) => [definition.name, definition] as const)).values(),
];

for (const definition of definitions) {
  if (!definition.build) continue;
  say(`building ${definition.name}`);
  await definition.build();
}
const postgres = await openPostgres(options.databaseUrl);
say(
  `PostgreSQL ${postgres.version}, ${Object.entries(postgres.settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}`,
);

const bench: Bench = { options, postgres, generator: new Generator(), bystander: new Generator() };
const running = new Map<string, RunningServer>();
let stopping: Promise<void> | undefined;
const stop = (): Promise<void> =>
  (stopping ??= (async () => {
    bench.generator.stop();
    bench.bystander.stop();
    await Promise.all([...running.values()].map((server) => server.stop()));
    await postgres.stop();
  })());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().finally(() => process.exit(1)));

async function start(definition: ServerDefinition): Promise<void> {
  const database = await postgres.createDatabase(definition.name);
  await definition.prepare(database);
  running.set(definition.name, await RunningServer.start(definition, database));
  say(`started ${definition.name}`);
}

async function runScenario(scenario: Scenario): Promise<Measured> {
  if (/^(create|order)/.test(scenario.name) && !postgres.durable)
    throw new Error(`${scenario.name} measures commits: this Postgres has fsync or synchronous_commit off`);
  const servers = scenario.servers.map(({ name }) => running.get(name)!);
  for (const server of servers) await check(scenario, server);
  say(`\n## ${scenario.title}`);
  const measured = await measure(bench, scenario, servers, say);
  say(table(scenario, measured));
  return measured;
}

try {
  for (const definition of definitions) await start(definition);
  const sections: { scenario: Scenario; measured: Measured }[] = [];
  for (const scenario of chosen) sections.push({ scenario, measured: await runScenario(scenario) });
  if (options.out !== undefined) {
    await writeFile(options.out, document(options, postgres, sections, (performance.now() - began) / 1000));
    say(`\nwritten to ${options.out}`);
  }
} finally {
  await stop();
}
