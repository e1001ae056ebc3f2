import type { AnyFeature } from '../feature.ts';
import { explain, serve } from './serve.ts';
import { fail, say, UsageError } from './print.ts';

export { migrateAll, serve } from './serve.ts';
export { readConfig } from '../config.ts';
export { say } from './print.ts';

export interface CliOptions {
  readonly features: readonly AnyFeature[];
  readonly version: string;
  /** Where `plinth feature` writes: the folder that holds `features.ts`. */
  readonly source: string;
}
type Command = readonly [usage: string, what: string, run: (options: CliOptions, parameters: readonly string[]) => Promise<number | void>];

// Each command's code is loaded when it runs: `start` must not pay for the others.
const COMMANDS: Readonly<Record<string, Command>> = {
  start: ['start', 'migrate, seed an empty database, serve', ({ features, version }) => serve(features, version)],
  migrate: [
    'migrate',
    'bring the database up to date and leave',
    async (options) => (await import('./commands.ts')).migrateCommand(options),
  ],
  doctor: ['doctor', 'what is configured, reachable and unsafe', async (options) => (await import('./doctor.ts')).doctor(options)],
  routes: [
    'routes',
    'every operation: method, path, who may call it',
    async (options) => (await import('./commands.ts')).routesCommand(options),
  ],
  openapi: [
    'openapi',
    'the OpenAPI document on standard output',
    async (options) => (await import('./commands.ts')).openapiCommand(options),
  ],
  db: [
    'db url | db copy --to URL',
    'the embedded database: its address, or move it out',
    async (options, parameters) => (await import('./commands.ts')).dbCommand(options, parameters),
  ],
  audit: [
    'audit verify',
    'recompute the log, check what was signed and anchored, name the first bad entry (--help)',
    async (_options, parameters) => (await import('./audit.ts')).auditCommand(parameters),
  ],
  feature: [
    'feature NAME',
    'scaffold a feature whose tests pass',
    async (options, parameters) => (await import('./scaffold.ts')).scaffold(options, parameters),
  ],
};

function usage(): string {
  const lines = Object.values(COMMANDS).map(([call, what]) => `  plinth ${call.padEnd(26)} ${what}`);
  return `usage (npm run plinth -- COMMAND):\n${lines.join('\n')}`;
}

/** Runs one command of `plinth`. @returns the exit code. */
export async function runCli(options: CliOptions, [name = '', ...parameters]: readonly string[]): Promise<number> {
  if (name === '' || name === 'help' || name === '--help') {
    say(usage());
    return name === '' ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    fail(`there is no command '${name}'\n${usage()}`);
    return 2;
  }
  try {
    return (await command[2](options, parameters)) ?? 0;
  } catch (error) {
    fail(explain(error));
    return error instanceof UsageError ? 2 : 1;
  }
}
