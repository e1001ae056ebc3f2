// Writes what is derived from the source and committed: row types, openapi.json, .env.example.
// With --check it writes nothing and fails when something is stale.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { envExample, generateTables, migrateAll, openApiJson, schemaOf, startEphemeral } from '@plinth/kit/tools';
import { features } from '../store/src/features.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale: string[] = [];

async function put(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => '');
  if (before === text) return;
  const name = relative(root, path);
  if (check) stale.push(name);
  else {
    await writeFile(path, text);
    process.stdout.write(`wrote ${name}\n`);
  }
}

const server = await startEphemeral();
try {
  await migrateAll({ ownerUrl: server.ownerUrl, appRole: 'plinth_app' }, features, () => undefined);
  for (const { name, migrations } of features) {
    if (migrations) await put(join(dirname(migrations), 'tables.ts'), await generateTables(server.ownerUrl, [schemaOf(name)]));
  }
} finally {
  await server.stop();
}
await put(join(root, 'openapi.json'), await openApiJson(features));
await put(join(root, '.env.example'), envExample());

if (stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}: run npm run generate and commit what it wrote\n`);
  process.exitCode = 1;
} else process.stdout.write(check ? 'generated files are fresh\n' : 'done\n');
