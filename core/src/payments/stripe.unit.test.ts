import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, exponentOf } from './money.ts';
import { fromStripe, toStripe } from './stripe/amounts.ts';
import { newsOf } from './stripe/news.ts';
import { feeOf } from './stripe/snapshot.ts';

describe('amounts', () => {
  it('S15: told to Stripe and back they are the same, for every currency, or refused; never rounded', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.integer({ min: 1, max: 1_000_000_000 }), (currency, amount) => {
        const fine = currency === 'MGA' ? amount % 100 !== 0 : exponentOf(currency) === 3 && amount % 10 !== 0;
        if (fine) expect(() => toStripe(amount, currency)).toThrow(/amount_too_fine/);
        else expect(fromStripe(toStripe(amount, currency), currency)).toBe(amount);
      }),
      { numRuns: 5_000 },
    );
  });
  it.each([
    ['EUR', 1_250, 1_250],
    ['JPY', 1_250, 1_250],
    ['BHD', 1_250, 1_250],
    ['ISK', 5, 500],
    ['UGX', 5, 500],
    ['MGA', 500, 5],
  ])('S15: of %s, %i are %i at Stripe', (currency, ours, theirs) => {
    expect([toStripe(ours, currency), fromStripe(theirs, currency)]).toEqual([theirs, ours]);
  });
  it('S15: what Stripe cannot have said is no amount', () => {
    expect(() => fromStripe(550, 'ISK')).toThrow(RangeError);
  });
  it('a fee is of the payment’s currency, also where the balance has another', () => {
    expect(feeOf({ fee: 175, amount: 10_000 }, 10_000)).toBe(175);
    expect(feeOf({ fee: 193, amount: 11_000 }, 10_000)).toBe(175);
    expect(feeOf({ fee: 750, amount: -50_000 }, 500)).toBe(8);
    expect([feeOf({ fee: 5, amount: 0 }, 10_000), feeOf({ fee: -5, amount: 100 }, 100)]).toEqual([0, 0]);
  });
});

describe('news', () => {
  const paymentId = '0193c8f0-0000-7000-8000-000000000000';
  const news = (object: object, type = 'x.y') =>
    newsOf(JSON.stringify({ id: 'evt_1', object: 'event', type, created: 1_700_000_000, data: { object } }));
  it.each([
    ['an intent of ours', { object: 'payment_intent', id: 'pi_1', metadata: { paymentId } }, paymentId, null],
    ['an intent of others', { object: 'payment_intent', id: 'pi_1', metadata: { paymentId: '17' } }, null, null],
    ['a page of ours', { object: 'checkout.session', id: 'cs_1', metadata: { paymentId }, payment_intent: null }, paymentId, null],
    ['a refund of ours', { object: 'refund', id: 're_1', metadata: { paymentId }, payment_intent: 'pi_1' }, paymentId, null],
    ['a refund by hand', { object: 'refund', id: 're_1', metadata: {}, payment_intent: 'pi_1' }, null, 'pi_1'],
    ['a dispute', { object: 'dispute', id: 'du_1', metadata: { paymentId }, payment_intent: { id: 'pi_1' } }, null, 'pi_1'],
    ['a dispute of an old charge', { object: 'dispute', id: 'du_1', payment_intent: null }, null, null],
    ['a customer', { object: 'customer', id: 'cus_1', metadata: { paymentId } }, null, null],
  ])('of %s', (_what, object, ours, reference) => {
    expect(news(object)).toEqual({
      id: 'evt_1',
      type: 'x.y',
      occurredAt: '2023-11-14T22:13:20.000Z',
      paymentId: ours,
      reference,
      snapshot: null,
    });
  });
  it.each(['{}', '[]', 'null', '{"id":"evt_1","type":"a","created":"x","data":{"object":{"object":"a"}}}'])('not of %s', (body) => {
    expect(() => newsOf(body)).toThrow();
  });
});

it('the SDK is loaded by a server that pays with it, when that starts, and by no other', async () => {
  const hooks = `import { registerHooks } from 'node:module'; registerHooks({ resolve(name, context, next) { if (name === 'stripe') process.stdout.write('loads it '); return next(name, context); } });`;
  const script = `
    const { createProviders } = await import(${JSON.stringify(join(import.meta.dirname, 'providers/create.ts'))});
    const create = (name) =>
      createProviders({
        config: { payments: { providers: [name], sandbox: { url: 'http://127.0.0.1:1', key: 'k', webhookSecret: 'whsec_' + 'A'.repeat(32) }, stripe: { key: 'sk_test_x', webhookSecrets: ['whsec_x'], url: null } }, roles: ['api', 'worker'], baseUrl: '' },
      });
    await create('sandbox').start();
    const providers = create('stripe');
    process.stdout.write('set up ');
    await providers.start();`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=plinth-source',
    '--import',
    `data:text/javascript,${encodeURIComponent(hooks)}`,
    '--input-type=module',
    '--eval',
    script,
  ]);
  expect(stdout).toBe('set up loads it ');
});
