// The one gate: everything that must hold before a change lands. Stops at the first step that fails.
import { spawnSync } from 'node:child_process';

const STEPS: readonly (readonly [name: string, command: string, ...parameters: string[]])[] = [
  ['types', 'tsc', '--noEmit'],
  ['types of the console', 'tsc', '--noEmit', '-p', 'console'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['generated files', 'node', '--conditions=plinth-source', 'tools/generate.ts', '--check'],
  ['guarantees', 'node', 'tools/guarantees.ts'],
  ...(process.argv.includes('--no-tests') ? [] : ([['tests', 'vitest', 'run']] as const)),
];

for (const [name, command, ...parameters] of STEPS) {
  const startedAt = performance.now();
  const { status } = spawnSync(command, parameters, { stdio: 'inherit' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (status !== 0) {
    process.stderr.write(`check: ${name} failed after ${seconds} s (again: npx ${[command, ...parameters].join(' ')})\n`);
    process.exit(1);
  }
  process.stdout.write(`check: ${name} ok (${seconds} s)\n`);
}
