import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { age, type Archiving, archiving } from './archive.testing.ts';
import type { SignedArchive } from './heads.ts';
import { publishMany, quiet, signHead, testSeal } from './log.testing.ts';
import { createSigning } from './signer.ts';
import { asIntruder } from './tamper.testing.ts';
import type { Broken } from './walk.ts';

// Twelve facts in six batches, each with a head: those of the first four were signed two days ago.
let all: Archiving;
let { here, node, superuser, directory, retain, archive, verify, brokenArchive, count } = {} as Archiving;
beforeEach(async () => {
  ({ here, node, superuser, directory, retain, archive, verify, brokenArchive, count } = all = await archiving());
});
afterEach(() => all.end());

test('B143: nothing is dropped while no retention is set, nothing younger than it, and nothing that is not archived', async () => {
  expect(await archive()).toBeNull();
  const app = await here.asApp();
  await expect(app.query('select log.drop_archived(10)')).rejects.toMatchObject({ code: '55000' });
  await retain(3);
  expect(await archive()).toBeNull();
  await retain(1);
  expect((await app.query('select log.drop_archived(10) as n')).rows).toEqual([{ n: '0' }]);
  // What is no old head, or leaves a gap, is no archive; not even for who may insert the record.
  const record = (first: number, last: number) =>
    app.query(
      `insert into log.archives select ${last}, ${first}, chain, chain, 'x', 1, chain, now(), kid, signature from log.heads where position = ${last}`,
    );
  await expect(record(1, 10)).rejects.toMatchObject({ code: '23514' }); // signed just now
  await expect(record(3, 4)).rejects.toMatchObject({ code: '23514' });
  await retain(null);
  await expect(record(1, 4)).rejects.toMatchObject({ code: '23514' });
  for (const text of ['update log.retention set days = 1', 'delete from log.events where position < 3'])
    await expect(app.query(text)).rejects.toMatchObject({ code: '42501' });
  expect(await count('log.events')).toBe(12);
});

test('B143: a sealed prefix goes to the archive, verification goes on behind it, and verifies both together', async () => {
  await retain(1);
  const told: SignedArchive[] = [];
  const first = await archive(5, async (archived) => void told.push(archived));
  expect(first).toMatchObject({
    first: 1,
    last: 4,
    name: expect.stringMatching(/^log-000000000000001-000000000000004-[0-9a-f]{8}\.ndjson\.gz$/),
  });
  expect(told).toEqual([first]);
  expect(await archive()).toMatchObject({ first: 5, last: 8 });
  expect(await archive()).toBeNull(); // the others are too young
  expect(await node.log.proof.archives()).toMatchObject([first, { first: 5, last: 8 }]);

  for (const [table, left] of [
    ['log.events', 4],
    ['log.batches', 3],
    ['log.heads', 3],
    ['log.personal', 4],
  ] as const)
    expect([table, await count(table)]).toEqual([table, left]);
  expect(await verify({ archived: false })).toMatchObject({
    ok: true,
    message: 'verified from 9 to 12 (4 facts, 3 signed heads); 0 unsealed',
  });
  expect(await verify()).toMatchObject({ ok: true, from: 1, message: 'verified from 1 to 12 (12 facts, 6 signed heads); 0 unsealed' });
  expect((await node.log.search({}, { by: 'cursor', after: null, limit: 20 })).items.map(({ position }) => position)).toEqual([
    12, 11, 10, 9,
  ]);
  // The log goes on.
  await publishMany(node, 2);
  await superuser.query('select log.advance(10)');
  expect(await verify()).toMatchObject({ ok: true, to: 14, unsealed: 2 });
});

test('B143: a worker goes on signing when what it signed last went to the archive', async () => {
  const grow = async () => {
    await publishMany(node, 1);
    await superuser.query('select log.advance(10)');
  };
  const sign = createSigning({ db: node.db, seal: testSeal, logger: quiet });
  await grow();
  expect(await sign(0)).toBe(13);
  await grow();
  expect(await signHead(node)).toBe(14); // another worker
  await age(superuser, 14, 2);
  await retain(1);
  expect(await archive(20)).toMatchObject({ first: 1, last: 14 });
  await grow();
  expect(await sign(0)).toBe(15);
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 15, unsealed: 0 });
});

test('B144: the archive holds no personal data, so erasing a person has nothing to do there, and the proof stays whole', async () => {
  await node.db.transaction((tx) => node.log.erasePersonal(tx, 'u1'));
  await retain(1);
  await archive(8);
  await node.db.transaction((tx) => node.log.erasePersonal(tx, 'u5'));
  const [file] = await readdir(directory);
  const text = gunzipSync(await readFile(join(directory, file!))).toString();
  expect(text.match(/"personal_hash":"[0-9a-f]{64}"/g)).toHaveLength(7); // all but the key's
  for (const secret of ['example.com', '203.0.113.7', 'test/1.0']) expect(text).not.toContain(secret);
  expect(await count('log.personal')).toBe(1); // that of u6: the others were erased or left with their facts
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12 });
});

test('B141: an archive that was changed, cut, left out or forged is found', async () => {
  await retain(1);
  await archive();
  await archive();
  const [one, two] = (await readdir(directory)).sort();
  const path = join(directory, one!);
  const bytes = await readFile(path);
  const lines = gunzipSync(bytes).toString().trimEnd().split('\n');
  const put = (changed: readonly string[]) => writeFile(path, gzipSync(changed.map((line) => `${line}\n`).join('')));
  const broken = (position: number, message: RegExp) =>
    expect.objectContaining({ position, message: expect.stringMatching(message) as string }) as Broken;

  await put(lines.map((line) => line.replace('"actor":"u2"', '"actor":"u9"')));
  expect(await brokenArchive()).toEqual(broken(3, /the fact was changed/));
  await put(lines.filter((line) => !line.includes('"position":"2"')));
  expect(await brokenArchive()).toEqual(broken(2, /the fact is missing/));
  await put(lines.slice(0, -1));
  expect(await brokenArchive()).toEqual(broken(4, /ends without a signed head/));
  await put(lines.slice(0, -4)); // with the end of a batch
  expect(await brokenArchive()).toEqual(broken(3, /ends before 4/));
  await put(lines.map((line) => line.replace(/("head":.*"at":"2)0/, '$11')));
  expect(await brokenArchive()).toEqual(broken(2, /forged signature/));
  await put([lines[0]!.replace(/"before":"../, '"before":"zz'), ...lines.slice(1)]);
  expect(await brokenArchive()).toEqual(broken(1, /does not begin where the log began/));
  // What a careless reader would see, and the hash would not.
  await put(lines.map((line) => line.replace('"actor":"u2"', '"actor":"u9","actor":"u2"')));
  expect(await brokenArchive()).toEqual(broken(3, /holds more than an entry/));
  await put(lines.map((line) => line.replace('"leaf":', '"note":"approved","leaf":')));
  expect(await brokenArchive()).toEqual(broken(1, /holds more than an entry/));
  await put([...lines, '{"other":1}']);
  expect(await brokenArchive()).toEqual(broken(5, /cannot be read any further/));
  await writeFile(path, bytes.subarray(0, bytes.length - 20));
  expect(await brokenArchive()).toEqual(broken(expect.any(Number) as never, /cannot be read any further/));
  await put(['{}', ...lines.slice(1)]);
  expect(String(await brokenArchive())).toMatch(/does not begin as an archive/);
  await writeFile(path, bytes);
  expect(await brokenArchive()).toBeNull();

  // One that is gone: between two, before, and between archive and database.
  await rm(join(directory, two!));
  expect(await verify()).toMatchObject({
    ok: false,
    position: 5,
    message: expect.stringContaining('neither in the log, which begins at 9, nor in the archives'),
  });
});

test('B141: who drops facts without an archive, or forges its record, is found', async () => {
  await retain(1);
  await archive();
  await asIntruder(superuser, `update log.archives set sha256 = sha256('x')`);
  expect(await verify({ archived: false })).toMatchObject({
    ok: false,
    position: 1,
    message: expect.stringContaining('the record of its archive bears a forged signature'),
  });
  await asIntruder(superuser, 'delete from log.archives');
  expect(await verify({ archived: false })).toMatchObject({
    ok: false,
    position: 1,
    message: expect.stringContaining('the fact is missing'),
  });
  // With the role that serves: a record of a file that is not there. The database believes it, the proof does not.
  const app = await here.asApp();
  await app.query(
    `insert into log.archives select 4, 1, chain, chain, 'x', 1, chain, now(), kid, signature from log.heads where position = 4`,
  );
  expect(await verify({ archived: false })).toMatchObject({ ok: false, position: 1, message: expect.stringContaining('forged signature') });
});
