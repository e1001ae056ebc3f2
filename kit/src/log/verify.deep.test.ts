import { execFile } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSuperuser, cloned, type TestDatabase } from '../testing/postgres.ts';
import { appendAnchor } from './anchors.ts';
import { headKeyOf, headText } from './heads.ts';
import { fixture, type Fixture, makeKey, type Node, signHead } from './log.testing.ts';
import { TEST_SECRET } from './secret.testing.ts';
import { asIntruder, consistentFrom, cutOffAfter } from './tamper.testing.ts';

const FACTS = Number(process.env['FACTS'] ?? 1_000_000);
const ATTACKED = 10_000;

interface Ended {
  readonly code: number;
  readonly said: string;
  readonly peakMb: number;
  readonly seconds: number;
}
/** `plinth audit verify` as a process, as who is on call runs it. */
function verify({ appUrl, ownerUrl }: Pick<TestDatabase, 'appUrl' | 'ownerUrl'>, ...parameters: string[]): Promise<Ended> {
  const script = join(import.meta.dirname, 'verifier.fixtures.ts');
  const env = { PATH: process.env['PATH'], DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl, PLINTH_SECRET: TEST_SECRET };
  const startedAt = performance.now();
  return new Promise((resolve) => {
    execFile(process.execPath, ['--conditions=plinth-source', script, ...parameters], { env }, (error, out, err) => {
      const peakMb = Number(/^peak (.*) MB$/m.exec(err)?.[1]);
      resolve({ code: Number(error?.code ?? 0), said: out.trim(), peakMb, seconds: (performance.now() - startedAt) / 1000 });
    });
  });
}

// As requests write them: with an address, a user agent and a subject; half of them with fields before and after.
const WRITE = `with drawn as (select gen_random_uuid() as id, n from generate_series(1, $1::int) n offset 0),
  facts as (
    insert into log.outbox (id, name, actor, session, subject_type, subject_id, operation, request_id, trace_id, decision_id, outcome, payload, changes, personal_hash)
    select id, 'orders.placed', 'u' || n % 1000, 's' || n % 5000, 'order', id::text, 'orders.place', 'r-' || id, md5(id::text), 'd-' || id, 'success',
      jsonb_build_object('orderId', id, 'total', n), case when n % 2 = 0 then '{"status": {"before": "new", "after": "placed"}}'::jsonb end,
      sha256(decode(md5(id::text), 'hex') || convert_to('{"address":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64)"}', 'UTF8'))
    from drawn returning id, seq, actor)
  insert into log.personal (seq, user_id, salt, data)
  select seq, actor, decode(md5(id::text), 'hex'), '{"address":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64)"}' from facts`;

let here: Fixture;
let node: Node;
let superuser: pg.Client;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'verify-'));
  here = await fixture();
  superuser = await here.asSuperuser();
  node = here.node();
  await makeKey(node);
});
afterAll(async () => {
  await here.end();
  await rm(directory, { recursive: true });
});
let last = 0;
/** Up to this many facts, a thousand a batch, a head after each tenth. */
async function growTo(facts: number): Promise<void> {
  while (last < facts) {
    await superuser.query(WRITE, [Math.min(10_000, facts - last - (last === 0 ? 1 : 0))]);
    for (let moved = 1; moved > 0; last += moved) moved = (await superuser.query('select 1 from log.advance(1000)')).rowCount!;
    await superuser.query('vacuum log.outbox');
    await signHead(node);
  }
}

test('B141: the eight attacks and a forged signature, by SQL as superuser, are each found and located', async () => {
  await growTo(ATTACKED);
  const anchor = join(directory, 'heads.ndjson');
  await appendAnchor(anchor, (await node.log.proof.head())!);
  await superuser.query(WRITE, [500]);
  await superuser.query('select 1 from log.advance(1000)');
  const columns = `seq, id, name, occurred_at, actor, impersonator, session, organization, key, job, subject_type, subject_id, operation, request_id, trace_id, decision_id, outcome, reason, payload, changes, personal_hash, channels, tags`;
  const pair = generateKeyPairSync('ed25519');
  const { kid, x } = headKeyOf(pair.publicKey.export({ format: 'jwk' }).x!);
  const forgedHead = async (client: pg.Client): Promise<string> => {
    const { rows } = await client.query<{ chain: string }>(
      `select encode(chain, 'hex') as chain from log.batches where last_position = ${ATTACKED}`,
    );
    const head = { position: ATTACKED, count: ATTACKED, chain: rows[0]!.chain, at: '2026-01-01T00:00:00.000000Z' };
    const signature = sign(null, Buffer.from(headText(head)), pair.privateKey).toString('hex');
    return `update log.heads set signed_at = '${head.at}', kid = '${kid}', signature = decode('${signature}', 'hex') where position = ${ATTACKED}`;
  };
  const attacks: readonly (readonly [
    name: string,
    at: RegExp,
    how: (client: pg.Client) => Promise<readonly string[]> | readonly string[],
    anchored?: true,
  ])[] = [
    ['one changed byte', /position 4321: the fact was changed/, () => [`update log.events set actor = 'u322' where position = 4321`]],
    ['a deleted middle fact', /position 4321: the fact is missing/, () => ['delete from log.events where position = 4321']],
    [
      'two facts that changed places',
      /position 4321: the fact was changed/,
      () => [
        'update log.events set position = -1 where position = 4321',
        'update log.events set position = 4321 where position = 8765',
        'update log.events set position = 8765 where position = -1',
      ],
    ],
    [
      'a fact put in between, everything behind it moved on and chained anew',
      /position 1: what was signed at .* at 10000 .* written anew from somewhere between 1 and 10000/,
      () => [
        'update log.events set position = -position where position > 4321',
        `insert into log.events (position, leaf, ${columns}) select 4322, leaf, ${columns.replace('seq, id', 'seq + 1000000, gen_random_uuid()')} from log.events where position = 4321`,
        'update log.events set position = 1 - position where position < 0',
        'update log.batches set last_position = -last_position where last_position > 4321',
        'update log.batches set last_position = 1 - last_position where last_position < 0',
        consistentFrom(4001),
      ],
    ],
    [
      'a false predecessor',
      /position 4001: the facts up to 5000 are not those that were sealed/,
      () => [`update log.batches set chain = sha256('x') where last_position = 5000`],
    ],
    [
      'an end that was cut off, with its heads',
      /position 9001: the log ends at 9000, but was anchored at 10000/,
      () => cutOffAfter(9000),
      true,
    ],
    ['the whole log deleted, with its heads', /position 1: the log ends at 0, but was anchored at 10000/, () => cutOffAfter(0), true],
    [
      'a rewrite of everything, with leaves, chain and cursor to match',
      /position 1: what was signed at .* written anew from somewhere between 1 and 10000/,
      () => [`update log.events set actor = 'nobody' where actor = 'u7'`, consistentFrom(1)],
    ],
    [
      'the same, and its heads removed',
      /position 1: what was anchored at 10000 .* written anew from somewhere between 1 and 10000/,
      () => [`update log.events set actor = 'nobody' where actor = 'u7'`, consistentFrom(1), 'delete from log.heads'],
      true,
    ],
    [
      'a forged signature',
      /position 10000: its head bears a forged signature/,
      () => [`update log.heads set signature = set_byte(signature, 7, get_byte(signature, 7) # 1) where position = ${ATTACKED}`],
    ],
    [
      'a signature of a key of their own, published beside ours',
      /position 10000: its head is signed with key .*, which nobody vouches for/,
      async (client) => [
        `insert into log.signing_keys values ('${kid}', '${x}', (select voucher from log.signing_keys limit 1))`,
        await forgedHead(client),
      ],
    ],
  ];
  const untouched = await verify(here.database, '--anchor', anchor);
  process.stdout.write(`untouched: exit ${untouched.code}: ${untouched.said}\n`);
  expect(untouched).toMatchObject({ code: 0, said: 'verified from 1 to 10500 (10,500 facts, 1 signed head, 1 anchor); 500 unsealed' });
  for (const [name, at, how, anchored] of attacks) {
    await superuser.end();
    await asSuperuser((client) =>
      client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${here.database.name}'`),
    );
    const copy = await cloned(here.database.name);
    superuser = await here.asSuperuser();
    const client = new pg.Client({ connectionString: copy.superuserUrl });
    await client.connect();
    await asIntruder(client, ...(await how(client)));
    await client.end();
    const { code, said } = await verify(copy, ...(anchored ? ['--anchor', anchor] : []));
    process.stdout.write(`${name}: exit ${code}: ${said}\n`);
    expect([name, code, said]).toEqual([name, 3, expect.stringMatching(at)]);
    await copy.drop();
  }
});

test(`B141: ${FACTS.toLocaleString('en')} facts are verified with flat memory`, async () => {
  await growTo(FACTS / 10);
  const tenth = await verify(here.database);
  await growTo(FACTS);
  await superuser.query('vacuum (analyze) log.events, log.personal, log.batches');
  const whole = await verify(here.database);
  for (const [facts, { said, seconds, peakMb }] of [
    [last - (last - FACTS / 10), tenth],
    [last, whole],
  ] as const)
    process.stdout.write(
      `${said}; ${seconds.toFixed(1)} s, ${Math.round(facts / seconds).toLocaleString('en')} facts/s, peak ${peakMb.toFixed(0)} MB\n`,
    );
  expect([tenth.code, whole.code]).toEqual([0, 0]);
  expect(whole.peakMb - tenth.peakMb).toBeLessThan(60);
  // One byte in a million facts.
  const at = Math.floor(FACTS * 0.987654);
  await asIntruder(superuser, `update log.events set payload = jsonb_set(payload, '{total}', '1') where position = ${at}`);
  const found = await verify(here.database);
  process.stdout.write(`one number changed: exit ${found.code}: ${found.said}\n`);
  expect([found.code, found.said]).toEqual([3, `broken at position ${at}: the fact was changed`]);
});
