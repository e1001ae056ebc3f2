import type { Actor, CallReply, TestAppOptions } from '@plinth/kit/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizations } from '../organizations/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from '../webhooks/index.ts';
import { type Payment, type PaymentOrder, payments } from './index.ts';
import { caller, ok, type OwnPayments, paymentsOf } from './payments.testing.ts';
import type { Provider } from './provider.ts';
import { stripeProvider } from './providers/stripe.ts';
import type { Intent } from './stripe-simulator/objects.testing.ts';
import { STRIPE_KEY, STRIPE_SECRET, StripeSimulator } from './stripe-simulator/server.testing.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/going-live-with-stripe.md'), 'utf8');
/** What the guide says to enable is all that is sent here: it must do. */
export const ENABLED = [...guide.matchAll(/^\| `([a-z._]+)` \|/gm)].map(([, type]) => type!);

export interface StripeApp extends CoreApp, OwnPayments {
  readonly stripe: StripeSimulator;
  /** The payer on Stripe's page. @returns where it goes on; null: declined, and still there */
  visit(payment: Pick<Payment, 'checkoutUrl'>, form: Record<string, string>): Promise<string | null>;
  /** Its balance, of one payment: what moved and how much of it. */
  balance(paymentId: string): [category: string, amount: number, fee: number][];
  /** Asks as the poll does, now. */
  look(paymentId: string): Promise<void>;
}

/** @param quiet no webhooks come in */
export async function stripeApp({ quiet = false, ...options }: TestAppOptions & { readonly quiet?: boolean } = {}): Promise<StripeApp> {
  const stripe = await new StripeSimulator(ENABLED).start();
  const env = {
    CORS_ORIGINS: 'https://shop.example.com',
    PAYMENT_PROVIDERS: 'stripe',
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: STRIPE_SECRET,
    STRIPE_API_URL: stripe.url,
    OUTBOUND_ALLOW: '127.0.0.0/8',
    ...options.env,
  };
  const app = await coreApp([users, access, auth, organizations, webhooks, payments], { ...options, env });
  stripe.deliveries.habits.url = `${app.url}/api/v1/payments/webhooks/stripe`;
  stripe.deliveries.habits.lose = quiet;
  const api = app.api(payments);
  return {
    ...app,
    stripe,
    ...paymentsOf(app),
    async visit({ checkoutUrl }, form) {
      const reply = await fetch(checkoutUrl!, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
      if (reply.status >= 400) throw new Error(await reply.text());
      return reply.headers.get('location');
    },
    balance(paymentId) {
      const of = new Set(
        [...stripe.account.things.values()].flatMap((thing) => {
          if (!('payment_intent' in thing) || thing.object === 'checkout.session') return [];
          const intent = stripe.account.get<never>('payment_intent' as never, thing.payment_intent) as { metadata: Record<string, string> };
          return intent.metadata['paymentId'] === paymentId ? [thing.id] : [];
        }),
      );
      return stripe.account.movements
        .filter(({ source }) => of.has(source))
        .map(({ reporting_category, amount, fee }) => [reporting_category, amount, fee]);
    },
    look: (paymentId) => (api as unknown as { look(by: typeof caller, id: string): Promise<void> }).look(caller, paymentId),
    stop: () => Promise.all([app.stop(), stripe.stop()]).then(() => undefined),
  };
}

/** An app of its own for a file of tests, with what is said in each of them. */
export function stripeShop() {
  let app: StripeApp;
  let [payer, admin]: Actor[] = [];
  beforeAll(async () => {
    app = await stripeApp();
    [payer, admin] = [await app.as('member'), await app.as('admin')];
  });
  afterAll(() => app?.stop());
  beforeEach(() => {
    const { account, deliveries, faults } = app.stripe;
    faults.splice(0);
    Object.assign(app.stripe, { latency: 0, searchLag: 60 });
    Object.assign(account.habits, { settles: null, booksLate: false });
    Object.assign(deliveries.habits, { copies: 1, hold: 1, delay: 0, lose: false });
  });
  const post = (who: Actor | undefined, id: string, what: string, body: object): Promise<CallReply> =>
    app.call('POST', `/api/v1/payments/${id}/${what}`, { token: who!.token, body });
  const start = (id: string, body: object): Promise<CallReply> => post(payer, id, 'start', body);
  const column = async (text: string, id: string): Promise<string[]> =>
    (await app.owner.query<{ value: string }>(text, [id])).rows.map(({ value }) => value);
  return {
    get app() {
      return app;
    },
    get stripe() {
      return app.stripe;
    },
    get payer() {
      return payer!;
    },
    get admin() {
      return admin!;
    },
    start,
    act: (id: string, what: string, body: object) => post(admin, id, what, body),
    refund: (id: string, body: object) => post(admin, id, 'refunds', body),
    reaches: async (id: string, state: string): Promise<void> => {
      await expect.poll(async () => (await app.now(id)).state, { timeout: 15_000 }).toBe(state);
    },
    intentOf: (paymentId: string): Intent =>
      app.stripe.account.all<Intent>('payment_intent').find(({ metadata }) => metadata['paymentId'] === paymentId)!,
    charges: (paymentId: string): number => app.balance(paymentId).filter(([kind]) => kind === 'charge').length,
    paid: async (over: Partial<PaymentOrder> = {}, method = 'pm_card_visa'): Promise<Payment> => {
      const { id } = await app.due(payer!.userId, over);
      ok(await start(id, { method }));
      return app.now(id);
    },
    attemptsOf: async (id: string): Promise<{ action: string; state: string; error: string | null }[]> =>
      (await app.owner.query('select action, state, error from payments.attempts where payment_id = $1 order by id', [id])).rows,
    casesOf: (id: string) =>
      column('select kind as value from payments.cases where payment_id = $1 and closed_at is null order by kind', id),
    /** How often this was told. */
    facts: async (id: string, name: string): Promise<number> =>
      (await column('select name as value from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f where subject_id = $1', id)).filter((each) => each === name).length, // prettier-ignore
    /** The provider itself, for what the server's own lease would never let happen. */
    provider(over: { readonly key?: string } = {}): Provider {
      const { config, fetch, clock } = app.kit;
      return stripeProvider({ settings: { ...config.payments.stripe!, ...over }, fetch, clock, home: 'https://shop.example.com' });
    },
  };
}
