import { uuidv7 } from '@plinth/kit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, found, studio, type Studio } from './console.testing.ts';

const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
interface Order {
  readonly id: string;
  readonly number: string;
  readonly paymentId: string;
  readonly productId: string;
}

// The made pages of the store's features, and of payments: looked at, and acted with.
describe.skipIf(!found)(`the shop, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  beforeAll(async () => {
    at = await studio();
  });
  afterAll(() => at?.stop());

  const call = async <Data>(token: string, method: string, path: string, body?: object): Promise<Data> => {
    const { status, text, json } = await at.app.call(method, `/api/v1${path}`, { token, ...(body && { body }) });
    expect([status, text.slice(0, 300)]).toEqual([expect.toSatisfy((each: number) => each < 300), expect.anything()]);
    return (json as { data: Data }).data;
  };
  const product = async (token: string, name: string, amount: number, stock = 20, currency = 'EUR') =>
    (
      await call<{ id: string }>(token, 'POST', '/products', {
        sku: name.toUpperCase().replaceAll(' ', '-'),
        name,
        category: 'kitchen',
        description: 'Holds a quarter of a litre, and your attention.',
        price: { amount, currency },
        stock,
      })
    ).id;
  const order = async (token: string, productId: string, quantity: number): Promise<Order> => ({
    ...(await call<Order>(token, 'POST', '/orders', { lines: [{ productId, quantity }] })),
    productId,
  });
  const pay = (token: string, { paymentId }: Order, method = 'tok_visa') => call(token, 'POST', `/payments/${paymentId}/start`, { method });
  const paymentOf = (token: string, { paymentId }: Order) =>
    call<{ state: string; refunded: number; refunding: number; amount: number; currency: string; reference: string }>(
      token,
      'GET',
      `/payments/${paymentId}`,
    );

  test('products: found by category, few left are marked, stock is changed with a reason, and what was done stands in the history', async () => {
    const { page, context, token } = await at.signedIn('admin');
    await product(token, 'Tin mug', 1450, 3);
    await product(token, 'Moon kettle', 4999, 0);
    const lamp = await product(token, 'Harbour lamp', 12_900, 40);
    await product(token, 'Yen bowl', 1250, 8, 'JPY');
    await page.goto(`${at.origin}/console/r/products`);
    await page.getByRole('link', { name: 'Tin mug' }).waitFor();
    const row = (name: string) => page.getByRole('row').filter({ hasText: name }).textContent();
    expect([await row('Tin mug'), await row('Moon kettle'), await row('Yen bowl')]).toEqual([
      expect.stringContaining('few left'),
      expect.stringContaining('none left'),
      expect.stringContaining('¥1,250'),
    ]);
    await at.look(page, 'shop-products');
    await page.getByLabel('Category').selectOption('kitchen');
    await page.getByLabel('Search').fill('lamp');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('link', { name: 'Harbour lamp' }).click();

    await page.getByRole('button', { name: 'Change stock' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'One less' }).click();
    await form.getByText('40 → 39').waitFor();
    await form.getByLabel('Reason').fill('Broken in the warehouse');
    await at.look(page, 'shop-stock');
    await form.getByRole('button', { name: 'Change the stock' }).click();
    await page.getByText(': done').waitFor();
    expect((await call<{ stock: number }>(token, 'GET', `/products/${lamp}`)).stock).toBe(39);
    await at.look(page, 'shop-product');
    await page.getByRole('tab', { name: 'History' }).click();
    await expect
      .poll(async () => {
        await page.reload();
        await page.getByRole('row').nth(1).waitFor();
        return page.getByRole('row').nth(1).textContent();
      })
      .toContain('Stock changedAda Lovelacestock 40 → 39');
    await page.getByText('Broken in the warehouse').waitFor();
    await at.look(page, 'shop-product-history');
    await context.close();
  });

  test('what somebody else changed behind an opened form is not written over unsaid', async () => {
    const { page, context, token } = await at.signedIn('admin');
    const id = await product(token, 'Slow jug', 1000);
    await page.goto(`${at.origin}/console/r/products/${id}`);
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('My jug');
    await call(token, 'PATCH', `/products/${id}`, { name: 'Their jug' });
    // The page behind it is read again, as when its window comes to the front.
    await page.waitForTimeout(5500);
    await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`);
    await page.locator('h1', { hasText: 'Their jug' }).waitFor({ state: 'attached' });
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/changed since/).waitFor();
    expect((await call<{ name: string }>(token, 'GET', `/products/${id}`)).name).toBe('Their jug');
    // Told of it, one may.
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText(': done').waitFor();
    expect((await call<{ name: string }>(token, 'GET', `/products/${id}`)).name).toBe('My jug');
    await context.close();
  });

  test('S15: money is typed as people write it, and sent in minor units of its currency', async () => {
    const { page, context, token } = await at.signedIn('admin');
    await page.goto(`${at.origin}/console/r/products`);
    await page.getByRole('button', { name: 'Create a product' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Sku').fill('DINAR-1');
    await form.getByLabel('Name').fill('Dinar cup');
    await form.getByLabel('Category').fill('cups');
    await form.getByLabel('Amount').fill('4.3501');
    await form.getByLabel('Currency').fill('kwd');
    await form.getByText('KWD has 3 digits behind the point').waitFor();
    await at.look(page, 'shop-money');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByLabel('Amount').fill('4.35');
    await form.getByText('KWD 4.350').waitFor();
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Dinar cup' }).waitFor();
    expect((await call<{ price: object }>(token, 'GET', `/products/${page.url().split('/').at(-1)!}`)).price).toEqual({
      amount: 4350,
      currency: 'KWD',
    });
    await context.close();
  });

  test('S116: an order is paid, refunded in part by a double click and a lost answer that count once, and everything says so', async () => {
    const { page, context, token, userId } = await at.signedIn('admin');
    const [buyer, mug] = await Promise.all([at.app.as('member'), product(token, 'Copper pot', 6250)]);
    const bought = await order(buyer.token, mug, 2);
    await pay(buyer.token, bought);
    await page.goto(`${at.origin}/console/r/orders`);
    await page.getByRole('link', { name: bought.number }).waitFor();
    await at.look(page, 'shop-orders');
    await page.getByLabel('State').selectOption('paid');
    await page.getByRole('link', { name: bought.number }).click();
    await page.getByText('Pay again: only after a payment that failed.').waitFor();
    await page.getByRole('list', { name: 'Steps of this order' }).getByText('awaiting payment → paid').waitFor();
    await at.look(page, 'shop-order');
    await page.getByRole('link', { name: 'Whole timeline' }).click();
    await page.waitForURL(`**/r/timeline?subjectType=order&subjectId=${bought.id}`);
    await page.goto(`${at.origin}/console/r/payments`);
    await page.getByRole('link', { name: `Order ${bought.number}` }).waitFor();
    await at.look(page, 'shop-payments');
    await page.getByRole('link', { name: '€125.00' }).first().click();

    await page.getByRole('button', { name: 'Refund' }).click();
    const form = page.getByRole('dialog');
    expect(await form.getByLabel('Amount in EUR').inputValue()).toBe('125.00');
    await form.getByLabel('Amount in EUR').fill('');
    await form.getByLabel('Reason').fill('The lid was broken');
    await form.getByRole('button', { name: 'Refund' }).click(); // of nothing in particular: not of all
    await form.getByLabel('Amount in EUR').fill('12.50');
    await form.getByText('€12.50', { exact: true }).waitFor();
    await at.look(page, 'shop-refund');
    const asked: (string | undefined)[] = [];
    let lost = false;
    await page.route('**/refunds', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      asked.push(route.request().headers()['idempotency-key']);
      // The server does it, and nobody hears that it did.
      const response = await route.fetch();
      return lost ? route.fulfill({ response }) : ((lost = true), route.abort());
    });
    // As fast as no finger is: both before the page has drawn anything.
    await form
      .getByRole('button', { name: 'Refund' })
      .evaluate((button) => [1, 2].forEach(() => (button as unknown as { form: { requestSubmit(): void } }).form.requestSubmit()));
    await form.waitFor({ state: 'hidden' });
    await expect.poll(async () => (await paymentOf(token, bought)).refunded, { timeout: 20_000 }).toBe(1250);
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked).size).toBe(1);
    expect(await paymentOf(token, bought)).toMatchObject({ state: 'partially_refunded', refunding: 1250, refunded: 1250 });

    const steps = page.getByRole('list', { name: 'Steps of this payment' });
    await steps.getByText('captured → partially refunded').waitFor();
    await steps.getByText('Provider asked to refund').waitFor();
    await page.getByText('partially refunded', { exact: true }).first().waitFor();
    await at.look(page, 'shop-payment');
    await page.getByRole('tab', { name: 'Ledger' }).click();
    await page.getByText('sums to zero').waitFor();
    const entries = await page.getByRole('region', { name: 'Ledger entries of this payment' }).getByRole('row').allTextContents();
    expect(
      entries.filter((_, row) => row % 2 === 1).map((entry) => /^[a-z]+(?=clearing|customer|fees|refunds)|^Together/.exec(entry)?.[0]),
    ).toEqual(['sale', 'capture', 'fee', 'refund', 'payout', 'Together']);
    expect(entries.filter((entry) => entry.includes('€12.50'))).toEqual([
      expect.stringMatching(/^refundrefunds€12\.50/),
      expect.stringMatching(/^customer€12\.50/),
      expect.stringMatching(/^payoutcustomer€12\.50/),
      expect.stringMatching(/^clearing€12\.50/),
    ]);
    await at.look(page, 'shop-payment-ledger');
    await page.getByRole('tab', { name: 'Refunds' }).click();
    await expect.poll(() => page.getByRole('region', { name: 'Refunds' }).getByRole('row').count()).toBe(2);
    await at.look(page, 'shop-payment-refunds');
    await page.getByRole('tab', { name: 'About' }).click();
    await at.look(page, 'shop-payment-about');
    await expect
      .poll(async () =>
        (
          await call<{ who: { actor: string }; why: { reason: string } }[]>(
            token,
            'GET',
            `/audit/events?name=payments.refund-asked&subjectId=${bought.paymentId}&cursor=`,
          )
        ).map(({ who, why }) => [who.actor, why.reason]),
      )
      .toEqual([[userId, 'The lid was broken']]);

    await page.goto(`${at.origin}/console/r/payments/ledger`);
    await page.getByText('payout', { exact: true }).first().waitFor();
    await at.look(page, 'shop-ledger');
    await page.getByRole('link', { name: 'Balances' }).last().click();
    await page.getByText('sums to zero').first().waitFor();
    const here = page.getByRole('navigation', { name: 'Resources' }).locator('[aria-current=page]');
    expect(await here.allTextContents()).toEqual(['Balances']);
    await at.look(page, 'shop-balances');
    await context.close();
  });

  test('an order is cancelled while it is not paid, sent when it is, and paid anew after a payment that failed', async () => {
    const { page, context, token } = await at.signedIn('admin');
    const [buyer, pan] = await Promise.all([at.app.as('member'), product(token, 'Iron pan', 8000)]);
    const orders = [await order(buyer.token, pan, 1), await order(buyer.token, pan, 1), await order(buyer.token, pan, 1)] as const;
    const [waiting, declined, paid] = orders;
    await pay(buyer.token, declined, 'tok_declined');
    await pay(buyer.token, paid);
    const stateOf = async ({ id }: Order) => (await call<{ state: string }>(token, 'GET', `/orders/${id}`)).state;
    const form = page.getByRole('dialog');

    await page.goto(`${at.origin}/console/r/orders/${waiting.id}`);
    expect(await page.getByRole('button', { name: 'Fulfil' }).isDisabled()).toBe(true);
    await page.getByText('Fulfil: it is not paid yet.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await at.look(page, 'shop-cancel');
    await form.getByRole('button', { name: 'Cancel the order' }).click();
    await page.getByText('Cancel: the order has ended.').waitFor();
    expect(await stateOf(waiting)).toBe('cancelled');

    await page.goto(`${at.origin}/console/r/orders/${declined.id}`);
    await page.getByRole('button', { name: 'Pay again' }).click();
    await form.getByRole('button', { name: 'Make a payment' }).click();
    await expect.poll(() => page.getByRole('region', { name: 'Payments' }).getByRole('row').count()).toBe(3);
    expect(await stateOf(declined)).toBe('awaiting_payment');

    await page.goto(`${at.origin}/console/r/orders/${paid.id}`);
    await page.getByRole('button', { name: 'Fulfil' }).click();
    await form.getByRole('button', { name: 'Fulfil' }).click();
    await page.getByText('Fulfil: it was sent already.').waitFor();
    expect(await stateOf(paid)).toBe('fulfilled');
    await context.close();
  });

  test('a difference is a case with both sides, closed with a note; disputes stand in a list', async () => {
    const { page, context, token, userId } = await at.signedIn('admin');
    const [buyer, jug] = await Promise.all([at.app.as('member'), product(token, 'Glass jug', 3000)]);
    const bought = await order(buyer.token, jug, 1);
    await pay(buyer.token, bought, 'tok_disputed');
    await page.goto(`${at.origin}/console/r/payments/cases`);
    await page.getByText('Everything agrees').waitFor();
    // The provider speaks of another amount than is owed.
    const other = await order(buyer.token, jug, 1);
    const now = new Date();
    const data = {
      paymentId: other.paymentId, reference: 'pay_4711', state: 'captured', amount: 2500, currency: 'EUR', captured: 2500, capturedAt: now.toISOString(),
      fee: 50, failure: null, url: null, refunds: [], disputes: [], at: now.toISOString(),
    }; // prettier-ignore
    const body = JSON.stringify({ type: 'payment.updated', timestamp: now.toISOString(), data });
    const id = `msg_${uuidv7()}`;
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': `${Math.floor(now.getTime() / 1000)}`,
      'webhook-signature': new Webhook(SECRET).sign(id, now, body),
      'content-type': 'application/json',
    };
    expect((await at.app.call('POST', '/api/v1/payments/webhooks/sandbox', { body, headers })).status).toBe(200);

    await page.goto(`${at.origin}/console/r/payments/reconciliation`);
    await page.getByText('It was never compared yet').waitFor();
    await at.look(page, 'shop-reconciliation-empty');
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('heading', { name: 'The last time' }).waitFor();
    await page.getByText('sandbox', { exact: true }).waitFor();
    await at.look(page, 'shop-reconciliation');
    await page.getByRole('link', { name: 'Open cases' }).click();
    const row = page.getByRole('row').filter({ hasText: 'The provider speaks of something else' });
    await row.waitFor();
    await expect.poll(() => row.textContent()).toMatch(/amount €25\.00.*amount €30\.00/);
    await at.look(page, 'shop-cases');
    await row.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Booked by hand at the bank');
    await at.look(page, 'shop-case-close');
    await page.getByRole('dialog').getByRole('button', { name: 'Close the case' }).click();
    await expect.poll(() => page.getByRole('row').filter({ hasText: 'The provider speaks of something else' }).count()).toBe(0);
    await page.getByLabel('State').selectOption('closed');
    await page.getByText('Booked by hand at the bank').waitFor();
    await expect
      .poll(async () =>
        (await call<{ who: { actor: string } }[]>(token, 'GET', '/audit/events?name=payments.case-closed&cursor=')).map(
          ({ who }) => who.actor,
        ),
      )
      .toEqual([userId]);

    await page.goto(`${at.origin}/console/r/payments/disputes`);
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await at.look(page, 'shop-disputes');
    await page.getByRole('link', { name: '€30.00' }).click();
    await page.getByText('Refund: all that was taken goes back, or is disputed.').waitFor();
    await at.look(page, 'shop-payment-disputed');
    await context.close();
  });

  test('a member sees only own orders, may not send or refund them, and finds no ledger', async () => {
    const admin = await at.app.as('admin');
    const cup = await product(admin.token, 'Blue cup', 900);
    const stranger = await at.app.as('member');
    const theirs = await order(stranger.token, cup, 1);
    const { page, context, token } = await at.signedIn('member');
    const own = await order(token, cup, 2);
    await pay(token, own);
    const navigation = page.getByRole('navigation', { name: 'Resources' });
    await navigation.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByRole('link', { name: own.number }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    for (const name of ['Ledger', 'Balances', 'Cases', 'Disputes', 'Reconciliation'])
      expect([name, await navigation.getByRole('link', { name, exact: true }).count()]).toEqual([name, 0]);
    await at.look(page, 'shop-own-orders');
    await page.getByRole('link', { name: own.number }).click();
    await page.getByRole('list', { name: 'Steps of this order' }).waitFor();
    expect(await page.getByRole('button', { name: 'Fulfil' }).count()).toBe(0);
    await at.look(page, 'shop-own-order');
    await page.getByRole('link', { name: '€18.00' }).click();
    await page.getByRole('list', { name: 'Steps of this payment' }).waitFor();
    expect(await page.getByRole('button', { name: 'Refund' }).count()).toBe(0);
    expect(await page.getByRole('tab', { name: 'Ledger' }).count()).toBe(0);
    await page.goto(`${at.origin}/console/r/payments/ledger`);
    await page.getByText('You lack the permission for this.').waitFor();
    await page.goto(`${at.origin}/console/r/orders/${theirs.id}`);
    await page.getByText('There is no such order').waitFor();
    await context.close();
  });

  // An answer was lost on purpose.
  test('no page complained, and axe finds no serious fault', () =>
    expect([at.complaints.filter((each) => !each.includes('net::ERR_FAILED')), at.faults]).toEqual([[], []]));
});
