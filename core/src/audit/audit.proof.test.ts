import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditApp, auditApp, eventually } from './audit.testing.ts';
import { anchorToFile, anchorToWebhook } from './contract.ts';
import type { VerificationMessage } from './shapes.ts';

let app: AuditApp;
let admin: string;
let directory: string;
let anchorFile: string;
let witness: Server;
const witnessed: string[] = [];
let witnessAnswers = 200;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'audit-'));
  anchorFile = join(directory, 'heads.ndjson');
  witness = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      if (witnessAnswers === 200) witnessed.push(body);
      response.writeHead(witnessAnswers).end();
    });
  }).listen(0, '127.0.0.1');
  await once(witness, 'listening');
  const { port } = witness.address() as AddressInfo;
  app = await auditApp({ env: { AUDIT_ANCHOR_FILE: anchorFile, AUDIT_ANCHOR_URL: `http://127.0.0.1:${port}/heads` } });
  admin = await app.person('admin');
});
afterAll(async () => {
  await app?.stop();
  witness.close();
  await rm(directory, { recursive: true });
});

interface Head {
  readonly position: number;
  readonly count: number;
  readonly chain: string;
  readonly at: string;
  readonly key: string;
  readonly signature: string;
}
const seal = async () =>
  (await app.call('GET', '/api/v1/audit/seal', { token: admin })).json.data as { head: Head | null; position: number; unsealed: number };
/** A head that covers everything there was when it was asked for. */
const sealed = async () => {
  await eventually(async () => ((await app.kit.log.statistics()).waiting === 0 ? true : undefined));
  const { position } = await seal();
  return eventually(async () => {
    const { head } = await seal();
    return head && head.position >= position ? head : undefined;
  });
};
const keys = async () => (await app.call('GET', '/.well-known/audit-keys.json')).json.keys as { kid: string; x: string }[];
/** As an auditor does it, with nothing of ours. */
async function signedByUs({ position, count, chain, at, key, signature }: Head): Promise<boolean> {
  const jwk = (await keys()).find(({ kid }) => kid === key)!;
  const text = `plinth log head 1\nposition ${position}\ncount ${count}\nchain ${chain}\nat ${at}\n`;
  return verifySignature(null, Buffer.from(text), createPublicKey({ key: { ...jwk }, format: 'jwk' }), Buffer.from(signature, 'base64'));
}
async function verified(query = '') {
  const reply = await app.call('GET', `/api/v1/audit/verify${query}`, { token: admin });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const messages = [...reply.text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!) as VerificationMessage);
  return { messages, result: messages.at(-1)!.result!, requestId: reply.requestId };
}
const enqueue = (job: typeof anchorToFile) => app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, job, {}));

it('the head is signed within seconds, with a key that everybody can fetch', async () => {
  const head = await sealed();
  expect(await signedByUs(head)).toBe(true);
  expect(await signedByUs({ ...head, position: head.position + 1 })).toBe(false);
  expect((await keys())[0]).toEqual({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: head.key, x: expect.any(String) });
  expect((await app.call('GET', '/api/v1/audit/seal', { token: await app.person('member') })).status).toBe(403);
});

it('the head is anchored to the file and to the webhook, once each, and again when it moved', async () => {
  const head = await sealed();
  await enqueue(anchorToFile);
  await enqueue(anchorToWebhook);
  const lines = async () => (await readFile(anchorFile, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  await eventually(async () => ((await lines()).length > 0 && witnessed.length > 0 ? true : undefined));
  for (const line of [...(await lines()), ...witnessed]) {
    const anchored = JSON.parse(line) as Head;
    expect(anchored.position).toBeGreaterThanOrEqual(head.position);
    expect(await signedByUs(anchored)).toBe(true);
  }
  const before = [(await lines()).length, witnessed.length];
  await app.person('guest');
  await sealed();
  await enqueue(anchorToFile);
  await enqueue(anchorToWebhook);
  await eventually(async () => ((await lines()).length > before[0]! && witnessed.length > before[1]! ? true : undefined));
});

it('a webhook that fails is tried again', async () => {
  witnessAnswers = 503;
  await app.person('guest');
  await sealed();
  const before = witnessed.length;
  await enqueue(anchorToWebhook);
  await eventually(async () => {
    const { rowCount } = await app.owner.query(
      `select 1 from pgboss.job where name = 'audit.anchor-to-webhook' and state = 'retry' and output->>'message' = 'the anchor answers 503'`,
    );
    return rowCount ? true : undefined;
  });
  witnessAnswers = 200;
  await app.owner.query(`update pgboss.job set start_after = now() where name = 'audit.anchor-to-webhook' and state = 'retry'`);
  await eventually(async () => (witnessed.length > before ? true : undefined));
});

it('B141: the verifier over HTTP says what the command says, with the anchors, and that it was asked is a fact', async () => {
  await sealed();
  await enqueue(anchorToFile);
  await eventually(async () => ((await readFile(anchorFile, 'utf8').catch(() => '')) === '' ? undefined : true));
  const whole = await verified();
  expect(whole.result).toMatchObject({
    ok: true,
    from: 1,
    position: null,
    message: expect.stringMatching(/^verified from 1 to \d+ \(.* anchors?\); \d+ unsealed/),
  });
  expect(whole.result.anchors).toBeGreaterThan(0);
  expect(await app.facts(whole.requestId)).toEqual(['audit.verified']);
  expect((await verified('?from=3')).result).toMatchObject({ ok: true, to: expect.any(Number) });

  const superuser = new pg.Client({ connectionString: app.database.superuserUrl });
  await superuser.connect();
  const set = (actor: string) =>
    superuser.query(
      `begin; set local session_replication_role = replica; update log.events set job = '${actor}' where position = 2; commit`,
    );
  const { rows } = await superuser.query<{ job: string }>('select job from log.events where position = 2');
  await set('somebody');
  const { result, messages } = await verified();
  await set(rows[0]!.job);
  await superuser.end();
  expect(result).toMatchObject({ ok: false, position: 2, message: 'broken at position 2: the fact was changed' });
  expect(messages.at(-1)).toMatchObject({ result: { ok: false } });
  expect((await verified()).result.ok).toBe(true);
  for (const wrong of ['?from=0', '?from=x', '?to=3'])
    expect((await app.call('GET', `/api/v1/audit/verify${wrong}`, { token: admin })).status).toBe(422);
});

it('verifying takes place once at a time, and ends when nobody listens any more', async () => {
  await app.owner.query('begin; lock table log.batches in access exclusive mode');
  const gone = new AbortController();
  const url = `${app.url}/api/v1/audit/verify`;
  const first = fetch(url, { headers: { authorization: `Bearer ${admin}` }, signal: gone.signal }).then(
    (reply) => reply.text(),
    () => 'gone',
  );
  try {
    await eventually(async () =>
      (
        await app.owner.query(
          'select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
        )
      ).rowCount
        ? true
        : undefined,
    );
    expect((await app.call('GET', '/api/v1/audit/verify', { token: admin })).json.error.code).toBe('AUDIT_VERIFICATION_RUNS');
  } finally {
    gone.abort();
    await app.owner.query('rollback');
  }
  expect(await first).toBe('gone');
  await eventually(async () => ((await app.call('GET', '/api/v1/audit/verify', { token: admin })).status === 200 ? true : undefined));
});

it('another key signs on, after a recent proof only, and what the first signed still verifies', async () => {
  const before = await sealed();
  expect((await app.call('POST', '/api/v1/audit/keys', { token: await app.person('member') })).status).toBe(403);
  const rotated = await app.call('POST', '/api/v1/audit/keys', { token: admin });
  expect(rotated.status).toBe(201);
  expect(await app.facts(rotated.requestId)).toEqual(['log.head-key-created']);
  const after = await sealed();
  expect(after.key).toBe(rotated.json.data.kid);
  expect(after.key).not.toBe(before.key);
  expect((await keys()).map(({ kid }) => kid)).toEqual([before.key, after.key]);
  expect([await signedByUs(before), await signedByUs(after)]).toEqual([true, true]);
  expect((await verified()).result.ok).toBe(true);
});
