import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderStore } from './archive-store.ts';
import { type Archiving, archiving } from './archive.testing.ts';
import { asIntruder, consistentFrom } from './tamper.testing.ts';

let all: Archiving;
let { here, node, superuser, directory, retain, archive, files, verify, brokenArchive, count } = {} as Archiving;
beforeEach(async () => {
  ({ here, node, superuser, directory, retain, archive, files, verify, brokenArchive, count } = all = await archiving());
  await retain(1);
});
afterEach(() => all.end());

test('B143: a log that does not verify is not archived, and nothing of it is dropped', async () => {
  await asIntruder(superuser, `update log.events set actor = 'someone else' where position = 3`, consistentFrom(3));
  await expect(archive()).rejects.toThrow(/not what stands there/);
  expect([await count('log.events'), await count('log.archives'), await readdir(directory)]).toEqual([12, 0, []]);
  await asIntruder(superuser, `update log.events set actor = 'u2' where position = 3`, consistentFrom(3));
  expect(await archive()).toMatchObject({ first: 1, last: 4 });
});

test('B143: a file that is not stored as it was written is no archive, and nothing is dropped for it', async () => {
  const store = folderStore(directory);
  const torn = { ...store, read: (name: string) => createReadStream(join(directory, name), { end: 300 }) };
  await expect(node.log.proof.archiveNext({ store: torn, record: async () => undefined })).rejects.toThrow(/cannot be read any further/);
  expect([await count('log.events'), await count('log.archives'), await readdir(directory)]).toEqual([12, 0, []]);
});

test('B143: a run that broke off before its record leaves a file that harms nobody, whatever comes after it', async () => {
  await expect(archive(8, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect([await count('log.events'), await count('log.archives'), (await files()).length]).toEqual([12, 0, 1]);
  expect(await archive(5)).toMatchObject({ first: 1, last: 4 });
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12 }); // the file that nobody recorded ends at 8, those facts still stand
  expect(await archive(3)).toMatchObject({ first: 5, last: 6 });
  expect(await files()).toHaveLength(3);
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12, facts: 12 });
});

test('B143: files that overlap, as a broken off run leaves them, are walked once', async () => {
  await expect(archive(5, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone'); // up to 4
  expect(await archive(3)).toMatchObject({ first: 1, last: 2 });
  expect(await archive(8)).toMatchObject({ first: 3, last: 8 });
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12, facts: 12 });
  await rm(join(directory, (await node.log.proof.archives())[0]!.name)); // the one left behind holds the same
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12, facts: 12 });
});

/** Recorded, not dropped: as if it died in between. */
async function recordedOnly(): Promise<void> {
  await expect(archive(5, () => retain(null))).rejects.toMatchObject({ code: '55000' });
  await retain(1);
  expect([await count('log.events'), await count('log.archives')]).toEqual([12, 1]);
}
test('B143: what was recorded and not dropped is dropped by the next run, if its file still is what was written', async () => {
  await recordedOnly();
  for (const archived of [true, false]) expect(await verify({ archived })).toMatchObject({ ok: true, from: 1, to: 12, facts: 12 });
  const [file] = await files();
  const lost = { ...folderStore(directory), read: () => createReadStream(join(directory, 'nowhere')) };
  await expect(node.log.proof.archiveNext({ store: lost, record: async () => undefined })).rejects.toThrow(/ENOENT/);
  expect(await count('log.events')).toBe(12);
  // Some batches of it, then the rest.
  expect((await superuser.query('select log.drop_archived(1) as n')).rows).toEqual([{ n: '2' }]);
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12, facts: 12 });
  expect(await verify({ archived: false })).toMatchObject({ ok: true, from: 3, to: 12, facts: 10 });
  expect(await archive(5)).toMatchObject({ first: 5, last: 8 });
  expect([await count('log.events'), (await files()).length]).toEqual([4, 2]);
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12, facts: 12 });
  await rm(join(directory, file!.name));
  expect((await verify({ archived: false })).ok).toBe(true);
});

test('B143: when the time of retention grew meanwhile, what was recorded waits, and nobody fails', async () => {
  await recordedOnly();
  await retain(30);
  expect(await archive()).toBeNull();
  expect(await count('log.events')).toBe(12);
});

test('B143: two, and four, who archive at once: each fact in one recorded file, none lost', async () => {
  const nodes = [node, here.node(), here.node(), here.node()];
  for (const facts of [3, 5]) {
    const done = await Promise.all(nodes.map((by) => archive(facts, async () => undefined, by).catch((error: Error) => error)));
    expect(done.filter((each) => each !== null && !(each instanceof Error)).length).toBeGreaterThan(0);
  }
  await archive();
  await archive();
  const archives = await node.log.proof.archives();
  expect(archives.reduce((after, { first, last }) => (expect(first).toBe(after + 1), last), 0)).toBe(8);
  const names = (await files()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(archives.map(({ name }) => name)));
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 12, facts: 12 });
  expect(await count('log.events')).toBe(4);
});

test('B141: facts that were changed in the database while they stand in the archive too, or put back after they left, are found', async () => {
  await recordedOnly();
  await asIntruder(superuser, `update log.events set actor = 'someone else' where position = 2`);
  expect(await verify()).toMatchObject({ ok: false, position: 2 });
  expect(await verify({ archived: false })).toMatchObject({ ok: false, position: 2 });
  await asIntruder(
    superuser,
    `update log.events set actor = 'u2' where position = 2`,
    'create table public.kept as select * from log.events where position = 3',
  );
  await archive();
  await asIntruder(superuser, 'insert into log.events select * from public.kept');
  for (const archived of [true, false])
    expect(await verify({ archived })).toMatchObject({
      ok: false,
      position: 3,
      message: 'broken at position 3: the fact was put where facts were archived and dropped',
    });
});

/** A worker of its own process that archives until nothing is due. @param end kills itself there, or is killed after so many ms. */
async function worker(end: 'writing' | 'stored' | 'recording' | 'recorded' | number | null): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'archiver.fixtures.ts');
  const parameters = ['--conditions=plinth-source', script, here.database.appUrl, directory, String(end)];
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  if (typeof end === 'number') {
    await Promise.race([once(child.stdout, 'data'), ended]); // it has begun
    await sleep(end);
    child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  expect([code, signal]).toEqual(signal === null ? [0, null] : [null, 'SIGKILL']);
  return signal;
}
const whole = { ok: true, from: 1, to: 12, facts: 12 };
test('B143: killed while it writes, once the file is stored, while it records, once that is recorded: nothing is lost', async () => {
  const left = async () => [await count('log.events'), await count('log.archives'), (await readdir(directory)).length];
  for (const [end, state] of [
    ['writing', [12, 0, 1]],
    ['stored', [12, 0, 2]],
    ['recording', [12, 0, 3]],
    ['recorded', [12, 1, 4]],
    ['recorded', [8, 2, 5]], // that of the run before is dropped first
  ] as const) {
    expect([end, await worker(end)]).toEqual([end, 'SIGKILL']);
    expect([end, ...(await left())]).toEqual([end, ...state]);
    if (end !== 'writing') expect(await verify(), end).toMatchObject(whole);
    expect((await verify({ archived: false })).ok, end).toBe(true);
  }
  expect(await worker(null)).toBeNull();
  expect(await left()).toEqual([4, 2, 5]);
  expect(await verify()).toMatchObject(whole);
});
test('B143: workers that are killed at any moment, two at once, lose nothing', async () => {
  await all.end();
  ({ here, node, superuser, directory, retain, archive, files, verify, brokenArchive, count } = all = await archiving({
    batches: 40,
    old: 70,
  }));
  await retain(1);
  let killed = 0;
  for (let round = 0; round < 4; round++) {
    const ends = await Promise.all([worker(round * 9), worker(round * 6 + 4)]);
    killed += ends.filter((signal) => signal !== null).length;
    expect(await verify(), `after round ${round}`).toMatchObject({ ok: true, from: 1, to: 80, facts: 80 });
    expect(await verify({ archived: false })).toMatchObject({ ok: true, to: 80 });
  }
  expect(killed).toBeGreaterThan(2);
  expect(await worker(null)).toBeNull();
  expect(await count('log.events')).toBe(10);
  expect(await brokenArchive()).toBeNull();
  expect(await verify()).toMatchObject({ ok: true, from: 1, to: 80, facts: 80 });
}, 60_000);
