import { defineFeature, during, type Tx } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paymentCaptured, payments } from './index.ts';
import { caller, payApp, type PayApp } from './payments.testing.ts';
import { TRANSITIONS } from './transitions.ts';

/** Somebody who is paid, as orders will be: their state commits with the money. */
const till = defineFeature({
  name: 'till',
  needs: { payments },
  setup: () => ({
    api: {},
    handlers: [
      during(paymentCaptured, 'till.pay', async (tx, { payload }) => {
        await tx.run({ text: 'insert into till (id) values ($1)', values: [payload.purpose.id] });
      }),
    ],
  }),
});
let app: PayApp;
let [payer, admin]: Actor[] = [];
let role: pg.Client;
beforeAll(async () => {
  app = await payApp([till], { quiet: true });
  await app.owner.query('create table public.till (id text primary key)');
  await app.owner.query('grant select, insert on public.till to public');
  [payer, admin] = [await app.as('member'), await app.as('admin')];
  role = new pg.Client({ connectionString: app.database.appUrl });
  await role.connect();
});
afterAll(async () => {
  await role?.end();
  await app?.stop();
});

const paid = async (over: Parameters<PayApp['due']>[1] = {}) => {
  const { id } = await app.due(payer!.userId, over);
  return (await app.api(payments).start(caller, id, { method: 'tok_visa' })).payment;
};
const booked = async (id: string): Promise<[string, string, number][]> => {
  const { rows } = await app.owner.query(
    'select p.kind, e.account, e.amount::int from payments.postings p join payments.entries e on e.posting_id = p.id where p.payment_id = $1 order by e.id',
    [id],
  );
  return rows.map(({ kind, account, amount }) => [kind, account, amount]);
};

describe('S13: the state machine', () => {
  it('S13: is one table, here and in the database', async () => {
    const { rows } = await app.owner.query('select from_state, to_state from payments.moves');
    const held = rows.map(({ from_state, to_state }) => `${from_state} ${to_state}`).sort();
    const written = Object.entries(TRANSITIONS).flatMap(([from, to]) => to.map((each) => `${from} ${each}`));
    expect(held).toEqual(written.sort());
  });
  it('S13: the database refuses every move that is not in it, to the role that serves', async () => {
    const { id } = await paid();
    for (const to of ['created', 'requires_action', 'processing', 'authorized', 'failed', 'canceled'])
      await expect(role.query('update payments.payments set state = $2, captured = 0 where id = $1', [id, to]), to).rejects.toThrow(
        /transitions_move|check constraint/,
      );
    const { id: fresh } = await app.due(null);
    for (const to of ['refunded', 'partially_refunded', 'disputed'])
      await expect(role.query('update payments.payments set state = $2, captured = 1 where id = $1', [fresh, to]), to).rejects.toThrow(
        /transitions_move/,
      );
    await expect(role.query(`insert into payments.payments (id, purpose_type, purpose_id, description, provider, currency, amount, captured, capture, state)
      values (gen_random_uuid(), 'x', 'x', '', 'sandbox', 'EUR', 1, 1, 'automatic', 'captured')`)).rejects.toThrow(/transitions_first/); // prettier-ignore
  });
  it('S13: a move to the same state changes nothing and tells nobody', async () => {
    const { id } = await paid();
    const count = async () =>
      (await app.owner.query(`select (select count(*) from payments.transitions where payment_id = $1::uuid) as moves,
        (select count(*) from (select subject_id from log.outbox union all select subject_id from log.events) f where subject_id = $1::text) as facts`, [id])).rows[0]; // prettier-ignore
    const before = await count();
    await app.owner.query('update payments.payments set poll_at = now() where id = $1', [id]);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('payments.look')!, { paymentId: id }));
    await expect
      .poll(async () => (await app.owner.query('select poll_at from payments.payments where id = $1', [id])).rows[0].poll_at)
      .toBe(null);
    expect(await count()).toEqual(before);
  });
  it('S13: what is paid, by whom, and what became of it cannot be rewritten', async () => {
    const { id } = await paid();
    for (const statement of [
      'update payments.payments set amount = amount + 1',
      `update payments.payments set currency = 'USD'`,
      'update payments.payments set payer_id = null',
      'update payments.payments set refunding = 0, refunded = 0',
      'delete from payments.payments',
      `update payments.transitions set to_state = 'failed'`,
      'delete from payments.transitions',
      `insert into payments.moves values ('captured', 'created')`,
      `insert into payments.transitions (payment_id, number, from_state, to_state) values ('${id}', 99, 'captured', 'refunded')`,
    ])
      await expect(role.query(statement), statement).rejects.toThrow(/permission denied|append-only/);
  });
  it('S13: what was asked, refunded, disputed and found cannot be rewritten, by the role that serves or the owner', async () => {
    const { id } = await paid();
    const [refund, dispute, found] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    await role.query(`insert into payments.refunds (id, payment_id, amount, reason) values ($1, $2, 1, 'x')`, [refund, id]);
    await role.query(`insert into payments.disputes (id, payment_id, reference, amount, reason, opened_at) values ($1, $2, 'd', 1, 'x', now())`, [dispute, id]); // prettier-ignore
    await role.query(`insert into payments.cases (id, kind, subject, payment_id, details) values ($1, 'state', $1::text, $2, '{}')`.replace('$1::text', `'${found}'`), [found, id]); // prettier-ignore
    for (const statement of [
      `update payments.refunds set amount = 5000000 where id = '${refund}'`,
      `update payments.refunds set payment_id = gen_random_uuid() where id = '${refund}'`,
      `update payments.disputes set amount = 2 where id = '${dispute}'`,
      `update payments.cases set kind = 'amount' where id = '${found}'`,
      `update payments.attempts set request = '{"amount":1}' where payment_id = '${id}'`,
      `update payments.attempts set key = 'x' where payment_id = '${id}'`,
    ]) {
      await expect(role.query(statement), statement).rejects.toThrow(/permission denied/);
      await expect(app.owner.query(statement), statement).rejects.toThrow(/may change/);
    }
  });
  it('S16: the writer does not say in which transaction a posting was written', async () => {
    const { id } = await paid();
    const insert = `insert into payments.postings (id, payment_id, kind, reference, occurred_at, written_in) values (gen_random_uuid(), $1, 'fee', 'later', now(), '9999999999')`;
    await expect(role.query(insert, [id])).rejects.toThrow(/permission denied/);
    await app.owner.query('begin');
    const { rows } = await app.owner.query(`${insert} returning written_in = pg_current_xact_id() as now`, [id]);
    await app.owner.query('rollback');
    expect(rows).toEqual([{ now: true }]);
  });
});

describe('S16: the ledger', () => {
  it('S16: books a capture and its fee in double entry, by the provider’s clock', async () => {
    const { id } = await paid();
    expect(await booked(id)).toEqual([
      ['sale', 'customer', 10_000],
      ['sale', 'revenue', -10_000],
      ['capture', 'clearing', 10_000],
      ['capture', 'customer', -10_000],
      ['fee', 'fees', 150],
      ['fee', 'clearing', -150],
    ]);
    const { json } = await app.call('GET', `/api/v1/payments/ledger?paymentId=${id}&cursor=`, { token: admin!.token });
    expect(json.data).toHaveLength(3);
    const balances = await app.call('GET', '/api/v1/payments/ledger/balances', { token: admin!.token });
    expect(balances.json.data.reduce((sum: number, { balance }: { balance: number }) => sum + balance, 0)).toBe(0);
  });
  it('S16: cannot be changed or deleted, by the role that serves or the owner', async () => {
    await paid();
    for (const statement of [
      'update payments.entries set amount = amount + 1',
      'delete from payments.entries',
      'truncate payments.entries',
      'update payments.postings set occurred_at = now()',
      'delete from payments.postings',
      'truncate payments.postings cascade',
    ]) {
      await expect(role.query(statement), statement).rejects.toThrow(/permission denied|append-only|must be owner/);
      await expect(app.owner.query(statement), statement).rejects.toThrow(/append-only/);
    }
  });
  const unbalanced = {
    'one side': [`insert into e values (p, 'clearing', 5)`],
    'sides that differ': [`insert into e values (p, 'clearing', 5)`, `insert into e values (p, 'customer', -4)`],
    'no entries': [],
    'sides in two currencies': [`insert into e values (p, 'clearing', 5)`, `insert into e values (p, 'customer', -5, 'USD')`],
  };
  it.each(Object.entries(unbalanced))('S16: the database refuses a posting of %s', async (_what, inserts) => {
    const { id } = await paid();
    const run = async (immediate: boolean) => {
      await role.query('begin');
      const posting = crypto.randomUUID();
      try {
        await role.query(`insert into payments.postings (id, payment_id, kind, reference, occurred_at) values ($1, $2, 'sale', $1::text, now())`.replace('$1::text', `'x${posting}'`), [posting, id]); // prettier-ignore
        if (immediate) {
          await entry(posting, 'clearing', 7, 'EUR');
          await entry(posting, 'customer', -7, 'EUR');
          await role.query('set constraints all immediate');
        }
        for (const text of inserts) {
          const [, account, amount, currency = 'EUR'] = /'(\w+)', (-?\d+)(?:, '(\w+)')?/.exec(text)!;
          await entry(posting, account!, Number(amount), currency);
        }
        await role.query('commit');
      } finally {
        await role.query('rollback');
      }
    };
    const entry = (posting: string, account: string, amount: number, currency: string) =>
      role.query('insert into payments.entries (posting_id, account, party, currency, amount) values ($1, $2, $3, $4, $5)', [posting, account, 'x', currency, amount]); // prettier-ignore
    await expect(run(false)).rejects.toThrow(/does not sum to zero/);
    if (inserts.length > 0) await expect(run(true)).rejects.toThrow(/does not sum to zero/);
  });
  it('S16: a posting that is committed takes no more entries', async () => {
    const { id } = await paid();
    const { rows } = await app.owner.query('select id from payments.postings where payment_id = $1 limit 1', [id]);
    await expect(
      role.query(`insert into payments.entries (posting_id, account, party, currency, amount) values ($1, 'clearing', 'x', 'EUR', 5), ($1, 'customer', 'x', 'EUR', -5)`, [rows[0].id]), // prettier-ignore
    ).rejects.toThrow(/own transaction/);
  });
  it('S16: a failure after any statement of a capture leaves nothing of it: state, entries, fact, what others did with it', async () => {
    const { db } = app.kit as { db: { transaction: typeof app.kit.db.transaction } };
    const whole = db.transaction;
    const ours = new AsyncLocalStorage<true>();
    const left = async (id: string, purpose: string) =>
      (await app.owner.query(
        `select (select count(*) from payments.transitions where payment_id = $1 and to_state <> 'created')
          + (select count(*) from payments.postings where payment_id = $1) + (select count(*) from payments.entries e join payments.postings p on p.id = e.posting_id where p.payment_id = $1)
          + (select count(*) from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f where subject_id = $1::text and name = 'payments.captured')
          + (select count(*) from till where id = $2) as n, (select state from payments.payments where id = $1) as state`, [id, purpose])).rows[0]; // prettier-ignore
    let n = 0;
    for (let failed = true; failed;) {
      const due = await app.due(payer!.userId);
      const { reference } = (await app.api(payments).start(caller, due.id, {})).payment;
      await app.sandbox.visit({ reference }, { token: 'tok_visa' });
      const before = await left(due.id, due.purpose.id);
      n += 1;
      let [count, reached] = [0, false];
      // Each statement is counted, those that travel with COMMIT too; the n-th is the last.
      const faulty = (tx: Tx): Tx =>
        new Proxy(tx, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name, target);
            if (typeof value !== 'function') return value;
            const bound = (value as (...args: unknown[]) => unknown).bind(target);
            if (name !== 'run' && name !== 'write') return bound;
            return (...args: unknown[]) => {
              const result = bound(...args);
              if (++count < n) return result;
              reached = true;
              if (name === 'write') throw new Error('it broke here');
              return Promise.resolve(result).then(() => Promise.reject(new Error('it broke here')));
            };
          },
        });
      // This one only: jobs and the log of the app have transactions of their own meanwhile.
      db.transaction = (work) => whole.call(db, (tx: Tx) => work(ours.getStore() ? faulty(tx) : tx)) as never;
      const service = app.api(payments) as unknown as { look(by: typeof caller, id: string): Promise<void> };
      try {
        await ours.run(true, () => service.look(caller, due.id));
        failed = reached;
      } catch (error) {
        expect((error as Error).message).toBe('it broke here');
      } finally {
        db.transaction = whole;
      }
      const after = await left(due.id, due.purpose.id);
      if (failed) expect(after, `after statement ${n}`).toEqual(before);
      else expect(after).toMatchObject({ state: 'captured' });
    }
    expect(n).toBeGreaterThan(6);
  });
});
