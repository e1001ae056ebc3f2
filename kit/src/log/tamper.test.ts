import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendAnchor, readAnchors } from './anchors.ts';
import { headKeyOf, headText, type SignedHead } from './heads.ts';
import { fixture, type Fixture, keysIn, makeKey, type Node, publishMany, signHead, testSeal, until } from './log.testing.ts';
import { createSigning } from './signer.ts';
import { asIntruder, consistentFrom, cutOffAfter } from './tamper.testing.ts';
import { verifyChain } from './verify.ts';

// Ten facts, five batches, heads at 4, 8 and 10, anchors of 4 and 8.
let here: Fixture;
let node: Node;
let superuser: pg.Client;
let directory: string;
let anchor: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anchor-'));
  anchor = join(directory, 'heads.ndjson');
  here = await fixture();
  superuser = await here.asSuperuser();
  node = here.node();
  await makeKey(node);
  for (let batch = 1; batch <= 5; batch++) {
    await publishMany(node, batch === 1 ? 1 : 2, batch * 10);
    await superuser.query('select log.advance(10)');
    if (batch % 2 === 1 && batch < 5) continue;
    await signHead(node);
    if (batch < 5) await appendAnchor(anchor, (await node.log.proof.head())!);
  }
});
afterEach(async () => {
  await here.end();
  await rm(directory, { recursive: true });
});

const intrude = (...texts: string[]): Promise<void> => asIntruder(superuser, ...texts);
const verify = async (options: { readonly anchored?: boolean; readonly page?: number; readonly from?: number } = {}) => {
  const { anchored = false, ...rest } = options;
  const keys = await keysIn(superuser);
  return verifyChain(here.database.ownerUrl, { keys, anchors: anchored ? await readAnchors([anchor], keys) : undefined, ...rest });
};
const found = (position: number, message: RegExp) => ({ ok: false, position, message: expect.stringMatching(message) as string });

test('an untouched log verifies, however few rows are read at a time; from anywhere; and says what is not signed yet', async () => {
  const whole = { ok: true, from: 1, to: 10, facts: 10, heads: 3, anchors: 2, unsealed: 0 };
  for (const page of [1, 2, 3, 1000]) expect(await verify({ anchored: true, page })).toMatchObject(whole);
  for (const from of [1, 2, 3, 4, 5, 9, 10])
    expect(await verify({ from, anchored: true })).toMatchObject({ ok: true, from: from - ((from + 1) % 2), to: 10 });
  await publishMany(node, 3);
  await superuser.query('select log.advance(2)');
  expect(await verify()).toMatchObject({
    unsealed: 2,
    waiting: 1,
    message: 'verified from 1 to 12 (12 facts, 3 signed heads); 2 unsealed; 1 fact without a place yet',
  });
  await intrude(`update log.batches set sealed_at = now() - interval '2 hours' where last_position = 12`);
  expect(await verify()).toMatchObject({
    ok: true,
    message: expect.stringContaining('waits for 7,200 s: no worker signs, or heads were removed'),
  });
});

test('B141: a rewrite without a flaw is found by the first signature behind it, and located after the last one before', async () => {
  await intrude(`update log.events set actor = 'someone else' where position = 6`, consistentFrom(5));
  expect(await verify()).toMatchObject(found(5, /signed at .* at 8 .* between 5 and 8/));
  for (const page of [1, 2]) expect(await verify({ page })).toMatchObject({ position: 5 });
  // Heads that would tell are taken away: nothing is sealed any more, and that is said. An anchor still knows.
  await intrude('delete from log.heads');
  expect(await verify()).toMatchObject({ ok: true, heads: 0, unsealed: 10, message: expect.stringContaining('10 unsealed') });
  expect(await verify({ anchored: true })).toMatchObject(found(5, /anchored at 8 .* between 5 and 8/));
});
test('B141: a fact that was put in between, with everything behind it moved on, is found', async () => {
  await intrude(
    'update log.events set position = -position where position > 6',
    `insert into log.events select 7, leaf, 700, gen_random_uuid(), name, occurred_at, actor, impersonator, session, organization, key, job, subject_type, subject_id,
      operation, request_id, trace_id, decision_id, outcome, reason, payload, changes, personal_hash, channels, tags from log.events where position = 6`,
    'update log.events set position = 1 - position where position < 0',
    'update log.batches set last_position = -last_position where last_position > 6',
    'update log.batches set last_position = 1 - last_position where last_position < 0',
    consistentFrom(7),
  );
  expect(await verify()).toMatchObject(found(5, /signed at .* at 8 is not what stands there/));
});
test('B141: a false predecessor is found, also with every batch behind it to match', async () => {
  await intrude(`update log.batches set chain = sha256('x') where last_position = 6`);
  expect(await verify()).toMatchObject(found(5, /up to 6 are not those that were sealed/));
  await intrude(consistentFrom(7)); // the batches behind name the false one
  expect(await verify()).toMatchObject(found(5, /up to 6 are not those that were sealed/));
  await intrude(
    `update log.batches set count = 4 where last_position = 8`,
    'delete from log.batches where last_position = 6',
    consistentFrom(5),
  );
  expect(await verify()).toMatchObject(found(5, /signed at .* at 8/)); // another cut into batches is another chain
});
test('B141: an end that was cut off is found by its heads, and when they are gone too, by an anchor', async () => {
  await intrude(...cutOffAfter(6).filter((text) => !text.includes('log.heads')));
  expect(await verify()).toMatchObject(found(7, /ends at 6, but was sealed up to 10: its end was cut off/));
  await intrude('delete from log.heads where position > 6');
  expect(await verify()).toMatchObject({ ok: true, to: 6, unsealed: 2 });
  expect(await verify({ anchored: true })).toMatchObject(found(7, /ends at 6, but was anchored at 8: its end was cut off/));
  // Grown again to the same length it is another log.
  await publishMany(node, 6);
  await superuser.query('select log.advance(10)');
  expect(await verify({ anchored: true })).toMatchObject(found(5, /anchored at 8 is not what stands there/));
});
test('B141: a log that was deleted as a whole is found by its heads, and when they are gone too, by an anchor', async () => {
  await intrude(...cutOffAfter(0).filter((text) => !text.includes('log.heads')));
  expect(await verify()).toMatchObject(found(1, /ends at 0, but was sealed up to 10/));
  await intrude('delete from log.heads');
  expect(await verify()).toMatchObject({ ok: true, message: 'the log is empty' });
  expect(await verify({ anchored: true })).toMatchObject(found(1, /ends at 0, but was anchored at 8/));
  await intrude('delete from log.cursor');
  expect(await verify()).toMatchObject(found(1, /cursor is missing/));
});
test('B141: a forged signature is found: of other bytes, of another time, of a key that nobody vouches for', async () => {
  await intrude('create table kept as select * from log.heads');
  const restore = () => intrude('delete from log.heads', 'insert into log.heads select * from kept');
  const changes = [
    `signature = decode(repeat('ab', 64), 'hex')`, `signature = (select signature from kept where position = 4)`, `signed_at = signed_at - interval '1 microsecond'`,
  ]; // prettier-ignore
  for (const change of changes) {
    await intrude(`update log.heads set ${change} where position = 8`);
    expect(await verify(), change).toMatchObject(found(8, /its head bears a forged signature/));
    await restore();
  }
  await intrude(`update log.heads set chain = sha256('x') where position = 8`);
  expect((await verify()).position).toBe(8);
  await restore();

  // A key of one's own, published like ours, and everything rewritten and signed with it.
  const pair = generateKeyPairSync('ed25519');
  const { kid, x } = headKeyOf(pair.publicKey.export({ format: 'jwk' }).x!);
  await intrude(`insert into log.signing_keys values ('${kid}', '${x}', (select voucher from log.signing_keys limit 1))`);
  await intrude(`update log.events set actor = 'someone else' where position = 2`, consistentFrom(1), 'delete from log.heads');
  const { rows } = await superuser.query<{ chain: string }>(`select encode(chain, 'hex') as chain from log.cursor`);
  const head = { position: 10, count: 10, chain: rows[0]!.chain, at: '2026-01-01T00:00:00.000000Z' };
  const signature = sign(null, Buffer.from(headText(head)), pair.privateKey);
  await intrude(
    `insert into log.heads values (10, 10, decode('${head.chain}', 'hex'), '${head.at}', '${kid}', decode('${signature.toString('hex')}', 'hex'))`,
  );
  expect(await verify()).toMatchObject(found(10, new RegExp(`signed with key ${kid}, which nobody vouches for`)));
});
test('B141: a forged anchor is found: another chain, another key, two that disagree; a torn line proves nothing', async () => {
  const lines = (await readFile(anchor, 'utf8')).trimEnd().split('\n');
  const eighth = JSON.parse(lines[1]!) as SignedHead;
  await writeFile(anchor, [lines[0], JSON.stringify({ ...eighth, chain: 'ab'.repeat(32) })].join('\n'));
  expect(await verify({ anchored: true })).toMatchObject(found(8, /its anchor \(.*, line 2\) bears a forged signature/));

  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { kid } = headKeyOf(publicKey.export({ format: 'jwk' }).x!);
  const other = { ...eighth, key: kid, signature: sign(null, Buffer.from(headText(eighth)), privateKey).toString('base64') };
  await writeFile(anchor, [lines[0], JSON.stringify(other)].join('\n'));
  expect(await verify({ anchored: true })).toMatchObject(found(8, /which nobody vouches for/));

  await writeFile(anchor, `${lines[0]!.slice(0, 50)}\n${lines[1]}`);
  expect((await readAnchors([anchor], await keysIn(superuser))).unreadable).toBe(1);
  expect(await verify({ anchored: true })).toMatchObject({ ok: true, anchors: 1 });

  // A log that goes two ways, both signed: the same server on two copies of one database.
  await intrude(
    `update log.events set actor = 'someone else' where position = 7`,
    consistentFrom(7),
    'delete from log.heads where position > 6',
  );
  await publishMany(node, 1);
  await intrude(...cutOffAfter(8));
  expect(await signHead(node)).toBe(8);
  const forked = join(directory, 'forked.ndjson');
  await appendAnchor(forked, (await node.log.proof.head())!);
  const keys = await keysIn(superuser);
  const both = await readAnchors([forked, anchor], keys);
  expect(both.forged).toMatchObject({ position: 8, problem: expect.stringContaining('two anchors disagree') });
});
test('an anchor is a line of its own even after a torn one, and is not repeated', async () => {
  const head = (await node.log.proof.head())!;
  await writeFile(anchor, '{"position":8,"cou');
  expect(await appendAnchor(anchor, head)).toBe(true);
  expect(await appendAnchor(anchor, head)).toBe(false);
  expect((await readFile(anchor, 'utf8')).split('\n')).toEqual(['{"position":8,"cou', JSON.stringify(head), '']);
});
test('a fact that is lost among those that are not signed yet is found by the chain, its rewriting is not: seconds later it would be', async () => {
  await publishMany(node, 4);
  await superuser.query('select log.advance(10)');
  await intrude(`update log.events set actor = 'someone else' where position = 12`);
  expect(await verify()).toMatchObject({ ok: false, position: 12, unsealed: 4 });
  await intrude(consistentFrom(11));
  expect(await verify()).toMatchObject({ ok: true, unsealed: 4 });
});
test('B141: who rewrites the log under a running worker, heads and all, does not get it signed', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const sign = createSigning({ db: node.db, seal: testSeal, logger });
  const other = createSigning({ db: node.db, seal: testSeal, logger });
  const grow = async () => {
    await publishMany(node, 2);
    await superuser.query('select log.advance(10)');
  };
  await grow();
  expect(await sign(0)).toBe(12);
  await grow();
  expect(await sign(0)).toBe(14);
  expect(await other(0)).toBeNull(); // it never signed, and knows what was
  await intrude(
    `update log.events set actor = 'someone else' where position = 6`,
    consistentFrom(5),
    'delete from log.heads where position > 4',
  );
  await grow();
  for (let i = 0; i < 3; i++) expect([await sign(0), await other(0)]).toEqual([null, null]);
  await intrude(...cutOffAfter(8));
  expect(await sign(0)).toBeNull();
  expect(lines.filter((line) => line.includes('the log is not the one that was signed'))).toHaveLength(2); // once each
  expect(await createSigning({ db: node.db, seal: testSeal, logger })(0)).toBe(8); // started again it knows no better: an anchor does
  expect(await verify({ anchored: true })).toMatchObject(found(5, /anchored at 8 is not what stands there/));
});
test('keys: the next one signs on, the private part of the last is gone, and what it signed still verifies', async () => {
  const before = (await superuser.query<{ private_key: string }>('select private_key from log.signer')).rows[0]!.private_key;
  const first = (await node.log.proof.head())!.key;
  await makeKey(node);
  await superuser.query('select log.advance(10)');
  expect(await signHead(node)).toBe(11);
  const head = (await node.log.proof.head())!;
  expect(head.key).not.toBe(first);
  expect((await node.log.proof.keys()).map(({ kid }) => kid)).toEqual([first, head.key]);
  const { rows } = await superuser.query<{ kid: string; private_key: string }>('select * from log.signer');
  expect(rows).toEqual([expect.objectContaining({ kid: head.key })]);
  expect(rows[0]!.private_key).not.toBe(before);
  expect(await verify()).toMatchObject({ ok: true, heads: 4 });
});
test('two workers that start on a new log agree on one key, and sign a position once', async () => {
  const other = await fixture();
  try {
    const nodes = [other.node({ signs: true }), other.node({ signs: true }), other.node({ signs: true })];
    await Promise.all(nodes.map((each) => each.start([], 'api')));
    await publishMany(nodes[0]!, 5);
    await until(async () => (await nodes[0]!.log.proof.head()) !== undefined, 8000);
    await until(async () => (await nodes[0]!.log.statistics()).position === 6);
    await Promise.all(nodes.map((each) => each.log.stop())); // the last thing they do is sign what is left
    const client = await other.asSuperuser();
    expect((await client.query('select 1 from log.signing_keys')).rowCount).toBe(1);
    expect(await verifyChain(other.database.ownerUrl, { keys: await keysIn(client) })).toMatchObject({ ok: true, to: 6, unsealed: 0 });
  } finally {
    await other.end();
  }
});
