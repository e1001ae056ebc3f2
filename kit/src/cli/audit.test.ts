import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { appendAnchor } from '../log/anchors.ts';
import { type Archiving, archiving } from '../log/archive.testing.ts';
import { publishMany, signHead } from '../log/log.testing.ts';
import { TEST_SECRET } from '../log/secret.testing.ts';
import { asIntruder, consistentFrom, cutOffAfter } from '../log/tamper.testing.ts';
import { runCli } from './index.ts';

// Twelve facts; the first eight are in two files of the archive, and their heads in the anchor.
let all: Archiving;
let place: string;
let keys: string;
let anchor: string;
beforeEach(async () => {
  all = await archiving();
  place = await mkdtemp(join(tmpdir(), 'verify-'));
  keys = join(place, 'keys.json');
  anchor = join(place, 'heads.ndjson');
  await writeFile(keys, JSON.stringify({ keys: await all.node.log.proof.keys() }));
  await appendAnchor(anchor, (await all.node.log.proof.head())!);
  await all.retain(1);
  await all.archive(5);
  await all.archive(5);
  vi.stubEnv('BASE_URL', undefined); // the test runner's
  vi.stubEnv('DATABASE_URL', all.here.database.appUrl);
  vi.stubEnv('DATABASE_OWNER_URL', all.here.database.ownerUrl);
  vi.stubEnv('PLINTH_SECRET', TEST_SECRET);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await all.end();
  await rm(place, { recursive: true });
});

async function verify(...parameters: string[]): Promise<readonly [code: number, said: string]> {
  let said = '';
  const hear = (text: unknown): boolean => ((said += String(text)), true);
  const spies = [vi.spyOn(process.stdout, 'write').mockImplementation(hear), vi.spyOn(process.stderr, 'write').mockImplementation(hear)];
  const code = await runCli({ features: [], version: '0', source: '' }, ['audit', 'verify', ...parameters]);
  for (const spy of spies) spy.mockRestore();
  return [code, said];
}

test('B143: one command verifies the database, the archive with it, and the archive by itself', async () => {
  expect(await verify()).toEqual([0, 'verified from 9 to 12 (4 facts, 3 signed heads); 0 unsealed\n']);
  expect(await verify('--archive', all.directory)).toEqual([0, 'verified from 1 to 12 (12 facts, 6 signed heads); 0 unsealed\n']);
  expect(await verify('--archive', all.directory, '--anchor', anchor, '--keys', keys)).toEqual([
    0,
    'verified from 1 to 12 (12 facts, 6 signed heads, 1 anchor); 0 unsealed\n',
  ]);
  const [first, second] = (await readdir(all.directory)).sort().map((name) => join(all.directory, name));
  // Without any database, secret or server: what an auditor has.
  vi.stubEnv('DATABASE_URL', 'postgres://nobody:nothing@127.0.0.1:1/none');
  vi.stubEnv('DATABASE_OWNER_URL', undefined);
  vi.stubEnv('PLINTH_SECRET', undefined);
  const offline = ['--offline', '--keys', keys];
  expect(await verify('--archive', all.directory, ...offline)).toEqual([0, 'verified from 1 to 8 (8 facts, 4 signed heads); 0 unsealed\n']);
  expect(await verify('--archive', first!, '--archive', second!, ...offline)).toMatchObject([0, /from 1 to 8/]);
  expect(await verify('--archive', second!, ...offline)).toMatchObject([0, /from 5 to 8/]);
  expect((await verify())[0]).toBe(1);
});

test('B141: the exit code says broken, and the line where', async () => {
  const { superuser, node, directory } = all;
  await asIntruder(superuser, ...cutOffAfter(10));
  expect((await verify())[0]).toBe(0); // with its heads gone nothing inside the database tells
  expect(await verify('--anchor', anchor)).toEqual([
    3,
    'broken at position 11: the log ends at 10, but was anchored at 12: its end was cut off\n',
  ]);
  const [first] = (await readdir(directory)).sort();
  const bytes = await readFile(join(directory, first!));
  await writeFile(join(directory, first!), bytes.subarray(0, bytes.length >> 1));
  expect(await verify('--archive', directory)).toMatchObject([3, /^broken at position \d: .*cannot be read any further/]);
  expect(await verify('--archive', directory, '--offline', '--keys', keys)).toMatchObject([3, /^broken at position \d: /]);
  await writeFile(join(directory, first!), bytes);
  await rm(join(directory, first!));
  expect(await verify('--archive', directory)).toMatchObject([0, /from 5 to 10/]);

  await publishMany(node, 1, 50);
  await superuser.query('select log.advance(10)');
  expect(await verify()).toMatchObject([0, /; 1 unsealed/]);
  await asIntruder(superuser, `update log.batches set sealed_at = now() - interval '2 minutes' where last_position = 11`);
  expect(await verify()).toMatchObject([4, /; 1 unsealed; the oldest of them waits for 1[12]\d s: no worker signs, or heads were removed/]);
  await signHead(node);
  await asIntruder(superuser, `update log.events set actor = 'x' where position = 10`, consistentFrom(9));
  expect(await verify()).toMatchObject([
    3,
    /^broken at position 9: what was signed at .* the log was written anew from somewhere between 9 and 10/,
  ]);
  // A server with another secret vouches for none of these keys.
  vi.stubEnv('PLINTH_SECRET', 'another secret, also long enough to be taken');
  expect(await verify()).toMatchObject([3, /which nobody vouches for/]);
});

test('wrong usage is told in words', async () => {
  for (const wrong of [
    ['--from', '0'],
    ['--form', '3'],
    ['--offline'],
    ['--offline', '--archive', all.directory],
    ['--from', '3', '--archive', all.directory],
  ]) {
    const [code, said] = await verify(...wrong);
    expect([wrong, code]).toEqual([wrong, 2]);
    expect(said).toMatch(/usage: plinth audit verify/);
  }
  expect((await verify('--archive', place))[0]).toBe(2);
  await writeFile(keys, '[]');
  expect(await verify('--keys', keys)).toMatchObject([1, /is no key set/]);
});
