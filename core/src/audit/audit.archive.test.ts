import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditApp, auditApp, eventually } from './audit.testing.ts';
import { archiveOld } from './contract.ts';
import type { Entry, Seal } from './shapes.ts';

let app: AuditApp;
let admin: string;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archive-'));
  app = await auditApp({ env: { AUDIT_ARCHIVE_DIR: directory, AUDIT_RETENTION_DAYS: '1' } });
  admin = await app.person('admin');
  // No head of this test is a day old: for it, every head is old enough at once.
  const superuser = new pg.Client({ connectionString: app.database.superuserUrl });
  await superuser.connect();
  await superuser.query('alter table log.retention drop constraint retention_days; update log.retention set days = 0');
  await superuser.end();
});
afterAll(async () => {
  await app?.stop();
  await rm(directory, { recursive: true });
});

const seal = async () => (await app.call('GET', '/api/v1/audit/seal', { token: admin })).json.data as Seal;
const search = async (query: string) => (await app.call('GET', `/api/v1/audit/events?${query}`, { token: admin })).json.data as Entry[];

it('B143: a job archives what is past its time, says so in the log, and the verifier goes on behind it', async () => {
  const made = await app.call('POST', '/api/v1/access/roles', { token: admin, body: { name: 'old', title: 'Old', permissions: [] } });
  const { position } = await eventually(async () => (await search(`requestId=${made.requestId}`))[0]);
  await eventually(async () => ((await seal()).head?.position ?? 0) >= position || undefined);
  await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, archiveOld, {}));

  const archives = await eventually(async () =>
    ((await seal()).archives.at(-1)?.last ?? 0) >= position ? (await seal()).archives : undefined,
  );
  expect(archives[0]).toMatchObject({ first: 1, name: expect.stringMatching(/^log-0+1-/) });
  expect(await readdir(directory)).toEqual(archives.map(({ name }) => name));
  const text = (await Promise.all(archives.map(({ name }) => readFile(join(directory, name)))))
    .map((bytes) => gunzipSync(bytes).toString())
    .join('');
  expect(text).toContain(made.requestId);
  expect(text).not.toContain('127.0.0.1');
  // Its partition is dropped in a step of its own, after the archive is on record.
  await eventually(async () => (await search(`requestId=${made.requestId}`)).length === 0 || undefined);
  const told = await eventually(async () => (await search('name=audit.archived'))[0]);
  const { first, last, name, sha256 } = archives.at(-1)!;
  expect(told).toMatchObject({ who: { actor: null, job: 'audit.archive-old' }, what: { payload: { first, last, name, sha256 } } });
  const verified = await app.call('GET', '/api/v1/audit/verify', { token: admin });
  expect(verified.text).toMatch(new RegExp(`"message":"verified from ${last + 1} to \\d+ `));
});
