// Writes what is derived from the source and committed: row types, openapi.json, the client's types, .env.example.
// With --check it writes nothing and fails when something is stale. A contract that breaks callers is never taken silently:
// openapi.baseline.json holds what they were promised, and changes for the worse with --accept-breaking only.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import * as kit from '@plinth/kit';
import { envExample, generateTables, migrateAll, openApiJson, schemaOf, startEphemeral } from '@plinth/kit/tools';
import { features } from '../store/src/features.ts';
import { clientTypes } from './client-types.ts';
import { contractOf } from './contract/baseline.ts';
import { judge, refusal } from './contract/gate.ts';
import { generalCodes } from './contract/general-codes.ts';

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
const document = await openApiJson(features);
await put(join(root, 'openapi.json'), document);
await put(join(root, 'client/src/generated/api.ts'), await clientTypes(document));
await put(join(root, '.env.example'), envExample());

const accept = process.argv.includes('--accept-breaking');
const baseline = join(root, 'openapi.baseline.json');
const { breaking, text } = await judge(baseline, contractOf(document, generalCodes(kit)), accept);
if (text === null) process.stderr.write(refusal(breaking));
else {
  await put(baseline, text);
  for (const change of breaking) process.stdout.write(`accepted ${change}\n`);
}
if (stale.length > 0) process.stderr.write(`stale: ${stale.join(', ')}: run npm run generate and commit what it wrote\n`);
if (text === null || stale.length > 0) process.exitCode = 1;
else process.stdout.write(check ? 'generated files are fresh\n' : 'done\n');
