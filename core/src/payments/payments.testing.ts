import { system, uuidv7 } from '@plinth/kit';
import type { CallReply, TestAppOptions } from '@plinth/kit/testing';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizations } from '../organizations/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from '../webhooks/index.ts';
import { type Payment, type PaymentOrder, payments, startSandbox } from './index.ts';

/** The sandbox in a process's own right: spoken to over HTTP, by the server and by the test. */
export interface TestSandbox {
  readonly url: string;
  /** @param path below `/test/`. */
  control(method: 'GET' | 'POST', path: string, body?: object): Promise<any>; // oxlint-disable-line typescript/no-explicit-any
  /** What really moved, of one payment. */
  moved(paymentId: string): Promise<{ kind: string; amount: number; reference: string }[]>;
  /** How often it was asked to do this, by the key. */
  asked(key: string): Promise<number>;
  /** The payer on its page. @param step `/authenticate`, the bank's. */
  visit(payment: Pick<Payment, 'reference'>, form: Record<string, string>, step?: string): Promise<Response>;
  stop(): Promise<void>;
}
const KEY = 'sandbox-key';
export const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;

export async function testSandbox(): Promise<TestSandbox> {
  const { url, stop } = await startSandbox({ port: 0, key: KEY, webhookSecret: SECRET, webhookUrl: null, file: null });
  const control: TestSandbox['control'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const reply = await fetch(`${url}/test/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`the sandbox answered ${reply.status}: ${text}`);
    return JSON.parse(text);
  };
  return {
    url,
    stop,
    control,
    async moved(paymentId) {
      const { movements } = await control('GET', 'book');
      return movements.filter((each: { paymentId: string }) => each.paymentId === paymentId);
    },
    async asked(key) {
      return (await control('GET', 'calls')).filter((call: string) => call.startsWith('POST') && call.endsWith(` ${key}`)).length;
    },
    visit: (payment, form, step = '') =>
      fetch(`${url}/checkout/${payment.reference}${step}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' }),
  };
}

export interface OwnPayments {
  /** A payment that some feature has asked for. */
  due(payer: string | null, over?: Partial<PaymentOrder>): Promise<Payment>;
  /** The row as it is now. */
  now(paymentId: string): Promise<Payment>;
}
export interface PayApp extends CoreApp, OwnPayments {
  readonly sandbox: TestSandbox;
}
export const caller = system('test.pay', null, 'test-request');

/** Payments of an app under test, whoever provides for them. */
export const paymentsOf = (app: CoreApp): OwnPayments => ({
  due: (payer, over = {}) =>
    app.kit.db.transaction((tx) =>
      app.api(payments).create(caller, tx, {
        amount: 10_000,
        currency: 'EUR',
        purpose: { type: 'test', id: uuidv7() },
        payer,
        description: 'A kettle',
        ...over,
      }),
    ),
  now: async (paymentId) => (await app.api(payments).find(app.kit.db, paymentId))!,
});

/** @param features more of them. @param more webhooks come in unless `quiet`. */
export async function payApp(
  features: Parameters<typeof coreApp>[0] = [],
  { quiet = false, ...options }: TestAppOptions & { readonly quiet?: boolean } = {},
): Promise<PayApp> {
  const sandbox = await testSandbox();
  const env = { SANDBOX_URL: sandbox.url, OUTBOUND_ALLOW: '127.0.0.0/8', ...options.env };
  const app = await coreApp([users, access, auth, organizations, webhooks, payments, ...features], { ...options, env });
  if (!quiet) await sandbox.control('POST', 'webhooks', { url: `${app.url}/api/v1/payments/webhooks/sandbox` });
  return {
    ...app,
    sandbox,
    ...paymentsOf(app),
    stop: () => Promise.all([app.stop(), sandbox.stop()]).then(() => undefined),
  };
}

/** Asserts in passing that it went well. @returns the payment that is answered. */
export function ok(reply: CallReply): Payment {
  if (reply.status >= 300) throw new Error(`answered ${reply.status}: ${reply.text}`);
  return reply.json.data;
}
