import { system, uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { operations, type Payment } from './contract.ts';
import { payments } from './index.ts';
import { signed } from '../webhooks/index.ts';
import type { Snapshot } from './provider.ts';

const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
/** A payment that some feature has asked for. */
export const duePayment = ({ app }: World, { userId }: Actor, capture: Payment['capture'] = 'automatic'): Promise<Payment> =>
  app.kit.db.transaction((tx) =>
    app.api(payments).create(system('test.pay', null, uuidv7()), tx, {
      amount: 10_000,
      currency: 'EUR',
      purpose: { type: 'test', id: uuidv7() },
      payer: userId,
      description: 'A kettle',
      capture,
    }),
  );
/** The same, paid with a token at the sandbox. */
export async function paidPayment(world: World, actor: Actor, capture: Payment['capture'] = 'automatic'): Promise<Payment> {
  const { id } = await duePayment(world, actor, capture);
  const { payment } = await world.app.api(payments).start(system('test.pay', null, uuidv7()), id, { method: 'tok_visa' });
  if (payment.captured === 0 && payment.state !== 'authorized') throw new Error(`the payment is ${payment.state}`);
  return payment;
}
const due = async (world: World, actor: Actor) => ({ params: { paymentId: (await duePayment(world, actor)).id } });
const paid = async (world: World, actor: Actor) => ({ params: { paymentId: (await paidPayment(world, actor)).id } });
const authorized = async (world: World, actor: Actor) => ({ params: { paymentId: (await paidPayment(world, actor, 'manual')).id } });

export const fixtures = defineFixtures(operations, {
  get: due,
  timeline: paid,
  refunds: paid,
  start: async (world, actor) => ({ ...(await due(world, actor)), body: { method: 'tok_visa' } }),
  capture: async (world, actor) => ({ ...(await authorized(world, actor)), body: {} }),
  cancel: due,
  refund: async (world, actor) => ({ ...(await paid(world, actor)), body: { amount: 500, reason: 'The lid was broken' } }),
  reconcile: () => ({ body: {} }),
  async closeCase({ app }) {
    const caseId = uuidv7();
    await app.owner.query(`insert into payments.cases (id, kind, subject, details) values ($1, 'provider-only', $2, '{}')`, [
      caseId,
      `capture:${caseId}`,
    ]);
    return { params: { caseId }, body: { reason: 'Booked by hand at the bank' } };
  },
  async webhook(world, actor) {
    const { id: paymentId, amount, currency } = await duePayment(world, actor);
    const at = new Date().toISOString();
    const data: Snapshot = {
      paymentId, reference: `pay_${uuidv7()}`, state: 'captured', amount, currency, captured: amount, capturedAt: at, fee: 150, failure: null,
      url: null, refunds: [], disputes: [], at,
    }; // prettier-ignore
    const body = JSON.stringify({ type: 'payment.captured', timestamp: at, data });
    const headers = signed({ id: `msg_${uuidv7()}`, timestamp: Math.floor(Date.now() / 1000), body }, [SECRET]);
    return { params: { provider: 'sandbox' }, body, headers };
  },
});
