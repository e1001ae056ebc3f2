import { payments } from '@plinth/core';
import { system, uuidv7 } from '@plinth/kit';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Death } from './death.testing.ts';
import type { Message, Trouble } from './gate.testing.ts';
import type { Model, Pay } from './model.testing.ts';
import type { Reply, Waiting, World } from './world.testing.ts';

/** All that a provider holds of a payment. */
export interface Snapshot {
  readonly reference: string;
  readonly state: string;
  readonly amount: number;
  readonly captured: number;
  readonly fee: number;
  readonly at: string;
  readonly refunds: readonly {
    readonly refundId: string | null;
    readonly reference: string;
    readonly amount: number;
    readonly state: string;
  }[];
  readonly disputes: readonly { readonly reference: string; readonly amount: number; readonly state: string }[];
}
export const caller = system('test.chaos', null, 'chaos');
/** Rounds of "later" after which whatever was begun must have come to its end. */
const ROUNDS = 12;

/** One run of the property: its own payments, on the one world. */
export class Run {
  readonly world: World;
  readonly model: Model;
  /** Calls that the provider keeps waiting. */
  readonly late: Promise<unknown>[] = [];
  /** Payments of which something was told and never came. */
  readonly lost = new Set<string>();
  /** Webhooks whose receiver died: they may have been heard. */
  readonly unsure = new Set<string>();
  readonly startedAt = new Date(Date.now() - 1000);
  constructor(world: World, model: Model) {
    this.world = world;
    this.model = model;
  }
  get ids(): string[] {
    return this.model.pays.map(({ id }) => id);
  }

  async snapshot({ id }: Pick<Pay, 'id'>): Promise<Snapshot | null> {
    const { payments } = await this.world.atSandbox<{ payments: Snapshot[] }>('GET', `/v1/payments?paymentId=${id}`);
    return payments[0] ?? null;
  }
  /** What the sandbox sent of this payment and nobody delivered; waits for what is on its way. */
  async messages(pay: Pay): Promise<Message[]> {
    const { at = '' } = (await this.snapshot(pay)) ?? {};
    const messages = this.world.gate.messages(pay.id);
    for (let tries = 0; this.#newest(pay.id, messages) < at && tries < 200; tries++) await sleep(2);
    return messages;
  }
  readonly #seen = new Map<string, string>();
  #newest(id: string, messages: readonly Message[]): string {
    const newest = messages.reduce((max, { at }) => (at > max ? at : max), this.#seen.get(id) ?? '');
    this.#seen.set(id, newest);
    return newest;
  }

  /** A call that changes something, with a key of its own. Without an answer it is sent again until there is one. */
  async insist(who: Pay['payer'], path: string, body: object | undefined, death: Death | null): Promise<Reply> {
    const key = uuidv7();
    const reply = await this.world.call(who, 'POST', path, body, key, death);
    if (reply !== null) return reply;
    await this.world.kill();
    return (await this.world.call(who, 'POST', path, body, key))!;
  }
  /** Does what may ask the provider about this payment. Where the provider holds its answer back, it is left there. */
  async troubled(pay: string, trouble: Trouble | null, work: () => Promise<unknown>): Promise<void> {
    const { gate } = this.world;
    if (trouble) gate.trouble(pay, trouble);
    const held = trouble?.startsWith('hold') ? gate.whenHeld(pay).then(() => 'held') : null;
    const going = work();
    const outcome = await (held ? Promise.race([going, held]) : going);
    if (outcome === 'held') this.late.push(going);
    gate.calm(pay);
  }
  async perform(job: Waiting, trouble: Trouble | null, death: Death | null): Promise<void> {
    await this.troubled(job.payment, trouble, () => this.world.perform(job, death));
    if (death) await this.world.kill();
  }
  /** What the first one who begins it says counts. */
  async noteStart(pay: Pay): Promise<void> {
    const [row] = await this.world.sql<{ method: Pay['token'] }>(
      `select request ->> 'method' as method from payments.attempts where payment_id = $1 and action = 'start' and state <> 'refused'`,
      [pay.id],
    );
    pay.begun = row !== undefined;
    pay.token ??= row?.method ?? null;
  }
  look({ id }: Pick<Pay, 'id'>): Promise<void> {
    return (this.world.node.api(payments) as unknown as { look(c: typeof caller, id: string): Promise<void> }).look(caller, id);
  }

  async release(): Promise<void> {
    this.world.gate.release();
    await Promise.allSettled(this.late.splice(0));
  }
  /**
   * Time goes by, the provider answers, and tells what it has not told.
   * @param asked nothing more is told: it is asked instead. @param backwards what is told, newest first.
   * @param lateLast what was kept waiting comes back when all the rest is done.
   */
  async settle({ asked, backwards, lateLast }: Record<'asked' | 'backwards' | 'lateLast', boolean>): Promise<void> {
    const { world, ids } = this;
    if (lateLast) await world.kill();
    else await this.release();
    for (let round = 0; round < ROUNDS; round++) {
      await world.later(ids);
      for (const job of await world.waiting(ids)) await world.perform(job);
      for (const pay of this.model.pays) {
        const messages = await this.messages(pay);
        if (asked) messages.splice(0);
        const told = messages.splice(0);
        for (const message of backwards ? told.toReversed() : told)
          if ((await world.deliver(message))!.status >= 300) messages.push(message);
        if (asked || this.lost.has(pay.id)) await this.look(pay).catch(() => undefined);
      }
      if (round === 1) await this.release();
      if (round <= 1 || (await this.pending()).length > 0) continue;
      // What was withdrawn before anybody asked has not begun.
      for (const pay of this.model.pays) await this.noteStart(pay);
      return this.#repeat();
    }
    throw new Error(`not settled after ${ROUNDS} rounds: ${JSON.stringify(await this.pending())}`);
  }
  /** All of it once more, newest first, under other ids: old news changes nothing. */
  async #repeat(): Promise<void> {
    for (const { id } of this.model.pays)
      for (const message of this.world.gate.everything(id).toReversed())
        if ((await this.world.deliver({ ...message, id: `${message.id}again` }))!.status >= 300) throw new Error('old news was refused');
  }
  /** All that should come to an end by itself. */
  async pending(): Promise<object[]> {
    const { world, ids, model } = this;
    const undelivered = model.pays.flatMap(({ id }) =>
      world.gate.messages(id).map(({ body }) => ({ undelivered: JSON.parse(body) as object })),
    );
    const rows = await world.sql<object>(
      `select 'attempt' as what, action, state, error from payments.attempts where payment_id = any($1::uuid[]) and state not in ('done', 'refused')
       union all select 'refund', id::text, state, reason from payments.refunds where payment_id = any($1::uuid[]) and state = 'pending'`,
      [ids],
    );
    return [...undelivered, ...rows, ...(await world.waiting(ids))];
  }
}
