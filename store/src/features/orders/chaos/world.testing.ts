import { startSandbox } from '@plinth/core';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { createCatalog, defineFeature, system, uuidv7 } from '@plinth/kit';
import { type Actor, testDatabase, type TestDatabase } from '@plinth/kit/testing';
import { features } from '../../../features.ts';
import { type Death, mortal, startDying, stopDying } from './death.testing.ts';
import { Gate, headersOf, type Message } from './gate.testing.ts';

// Nodes over one Postgres, and the sandbox behind a gate. Jobs are done one by one, by whoever the test says, so that a run can be repeated.

export interface Reply {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
  readonly json: any;
}
interface Run {
  readonly id: string;
  readonly attempt: number;
  readonly caller: ReturnType<typeof system>;
  readonly signal: AbortSignal;
  readonly scheduledFor: null;
  progress(): void;
}
type Perform = (payload: unknown, run: Run) => Promise<unknown>;
export interface Waiting {
  readonly id: string;
  readonly name: string;
  readonly payload: { readonly paymentId?: string; readonly attemptId?: string };
  /** Whose it is. */
  readonly payment: string;
}
const KEY = 'sandbox-key';
const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
/** A node's start costs half a second: so many die inside a process before one really begins anew. */
const FRESH_EVERY = 25;
const JOBS = ['payments.act', 'payments.look', 'orders.cancel-payment'];

/** Remembers what must not happen: that what was asked of a provider, and is settled, is unsettled again. */
const FLIPS = `
  create table public.flips (payment_id uuid, action text, was text, is_now text);
  create function public.note_flip() returns trigger language plpgsql security definer as $$ begin
    insert into public.flips values (old.payment_id, old.action, old.state, new.state); return null;
  end $$;
  create trigger note_flip after update on payments.attempts for each row
    when (old.state in ('done', 'refused') and new.state is distinct from old.state) execute function public.note_flip()`;

/** A process that serves; its jobs wait for `perform`. */
interface Node {
  readonly app: CoreApp;
  readonly jobs: ReadonlyMap<string, Perform>;
}
async function startNode(database: TestDatabase, sandboxUrl: string): Promise<Node> {
  const jobs = new Map<string, Perform>();
  const idle = defineFeature({
    name: 'idle',
    setup(kit) {
      (kit.jobs as unknown as { start: unknown }).start = (handlers: readonly { kind: string; job: { name: string }; run: Perform }[]) => {
        for (const { kind, job, run } of handlers) if (kind === 'perform') jobs.set(job.name, run);
        return Promise.resolve();
      };
      return { api: {} };
    },
  });
  const env = {
    SANDBOX_URL: sandboxUrl,
    OUTBOUND_ALLOW: '127.0.0.0/8',
    RATE_LIMIT_CALLER: '1000000000',
    ACCESS_TOKEN_SECONDS: '86400',
    ORDERS_UNPAID_AT_MOST: '1000',
  };
  return { app: await coreApp([...features, idle], { env, database }), jobs };
}

interface Parts {
  readonly database: TestDatabase;
  readonly sandbox: { readonly url: string; stop(): Promise<void> };
  readonly gate: Gate;
  readonly gateUrl: string;
  /** The first one serves. */
  readonly nodes: Node[];
  readonly admin: Actor;
  readonly buyers: readonly Actor[];
}
export class World {
  readonly #parts: Parts;
  readonly gate: Gate;
  readonly admin: Actor;
  kills = 0;
  #turn = 0;
  /** Who does a job: one that was taken for dead settles it no more. */
  readonly #taken = new Map<string, symbol>();
  private constructor(parts: Parts) {
    this.#parts = parts;
    this.gate = parts.gate;
    this.admin = parts.admin;
  }
  /** @param buyers who take turns: each may start sixty payments a minute. */
  static async open(buyers: number): Promise<World> {
    const database = await testDatabase(createCatalog(features));
    const sandbox = await startSandbox({ port: 0, key: KEY, webhookSecret: SECRET, webhookUrl: null, file: null });
    const gate = new Gate(sandbox.url);
    const gateUrl = await gate.start();
    const nodes = [await startNode(database, gateUrl), await startNode(database, gateUrl)];
    const [{ app }] = nodes as [Node];
    startDying();
    const world = new World({
      database,
      sandbox,
      gate,
      gateUrl,
      nodes,
      admin: await app.as('admin'),
      buyers: await Promise.all(Array.from({ length: buyers }, () => app.as('member'))),
    });
    await world.sql(FLIPS);
    await world.atSandbox('POST', '/test/webhooks', { url: `${gateUrl}/hook` });
    return world;
  }
  async close(): Promise<void> {
    stopDying();
    await this.gate.stop();
    await Promise.all(this.#parts.nodes.map(({ app }) => app.stop()));
    await this.#parts.sandbox.stop();
    await this.#parts.database.drop();
  }

  get node(): CoreApp {
    return this.#parts.nodes[0]!.app;
  }
  buyer(): Actor {
    const { buyers } = this.#parts;
    return buyers[this.#turn++ % buyers.length]!;
  }
  #line: Promise<unknown> = Promise.resolve();
  /** Looks behind the application, one look after the other. */
  sql<T>(text: string, values: unknown[] = []): Promise<T[]> {
    const rows = this.#line.then(async () => (await this.node.owner.query(text, values)).rows as T[]);
    this.#line = rows.catch(() => undefined);
    return rows;
  }
  /** The node that serves is gone: the other goes on, and what it had taken up is free again. Now and then a new one begins. */
  async kill(): Promise<void> {
    const { nodes, database, gateUrl } = this.#parts;
    this.kills++;
    nodes.reverse();
    this.#taken.clear();
    await this.sql(`update pgboss.job set state = 'retry' where state = 'active'`);
    if (this.kills % FRESH_EVERY > 0) return;
    const [old] = nodes.splice(1, 1);
    nodes.push(await startNode(database, gateUrl));
    await old!.app.stop();
  }

  /** A request; a death on the way gives no answer. */
  async call(
    who: Actor,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    key?: string,
    death: Death | null = null,
  ): Promise<Reply | null> {
    const outcome = await mortal(death, () =>
      this.node.http.inject({
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${who.token}`, ...(key !== undefined && { 'idempotency-key': key }) },
        ...(body && { payload: body }),
      }),
    );
    if (outcome.died) return null;
    const { statusCode, payload } = outcome.value;
    return { status: statusCode, json: payload === '' ? undefined : JSON.parse(payload) };
  }
  /** @returns null: it died before it could answer. */
  async deliver(message: Message, how?: 'well' | 'forged' | 'stale', death: Death | null = null): Promise<Reply | null> {
    const outcome = await mortal(death, () =>
      this.node.http.inject({
        method: 'POST',
        url: '/api/v1/payments/webhooks/sandbox',
        headers: headersOf(message, how),
        payload: message.body,
      }),
    );
    return outcome.died ? null : { status: outcome.value.statusCode, json: JSON.parse(outcome.value.payload) };
  }

  // ---- Jobs

  /** Those that wait for these payments, oldest first; that they are not due yet counts for nothing. */
  waiting(payments: readonly string[]): Promise<Waiting[]> {
    return this.sql<Waiting>(
      `select j.id, j.name, j.data -> 'payload' as payload, coalesce(a.payment_id::text, j.data -> 'payload' ->> 'paymentId') as payment
       from pgboss.job j left join payments.attempts a on a.id::text = j.data -> 'payload' ->> 'attemptId'
       where j.state in ('created', 'retry') and j.name = any($1) and coalesce(a.payment_id::text, j.data -> 'payload' ->> 'paymentId') = any($2) order by j.created_on, j.id`,
      [JOBS, payments],
    );
  }
  /** @returns false: it waits on, since it failed, was put off or died. */
  async perform({ id, name, payload }: Waiting, death: Death | null = null): Promise<boolean> {
    const work = this.#parts.nodes[0]!.jobs.get(name)!;
    const mine = Symbol(id);
    this.#taken.set(id, mine);
    await this.sql(`update pgboss.job set state = 'active' where id = $1`, [id]);
    const run = { id, attempt: 1, caller: system(name, null, uuidv7()), signal: new AbortController().signal, scheduledFor: null };
    const outcome = await mortal(death, () => work(payload, { ...run, progress: () => undefined })).catch(() => null);
    const done = outcome !== null && !outcome.died;
    if (this.#taken.get(id) !== mine) return false;
    await this.sql(
      done ? 'delete from pgboss.job where id = $1' : `update pgboss.job set state = 'retry' where id = $1 and state = 'active'`,
      [id],
    );
    return done;
  }
  /** Leases run out, and what was asked is asked long enough ago. */
  async later(payments: readonly string[]): Promise<void> {
    await this.sql(
      `update payments.attempts set asked_at = asked_at - interval '1 minute', called_until = called_until - interval '1 minute', leased_until = leased_until - interval '1 minute' where payment_id = any($1::uuid[])`,
      [payments],
    );
  }
  /** Nobody does what is left: it would only be in the way of those who look. */
  async sweep(): Promise<void> {
    await this.sql('delete from pgboss.job');
  }

  // ---- The sandbox

  async atSandbox<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const reply = await fetch(this.#parts.sandbox.url + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'idempotency-key': uuidv7() },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`the sandbox answered ${reply.status} to ${path}: ${text}`);
    return JSON.parse(text) as T;
  }
  /** The payer on the page. */
  async visit(reference: string, form: Record<string, string>, step = ''): Promise<number> {
    const url = `${this.#parts.sandbox.url}/checkout/${reference}${step}`;
    const reply = await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    await reply.arrayBuffer();
    return reply.status;
  }
}
