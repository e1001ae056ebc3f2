import { toDecimal } from '../money.ts';
import type { Held } from './book.ts';
import { METHODS } from './methods.ts';

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:3rem auto;padding:0 1rem}button{display:block;width:100%;padding:.7rem;margin:.5rem 0;font:inherit;text-align:left;cursor:pointer}small{color:#666}code{color:#666;float:right}</style>
</head><body><small>Sandbox: no money moves here, and no card is asked for</small><h1>${escape(title)}</h1>${body}</body></html>`;
const priceOf = (payment: Held): string => `${toDecimal(payment)} ${payment.currency}`;

/** Where the payer chooses how to pay: among tokens, since there is no field for a card. */
export const checkoutPage = (payment: Held): string =>
  payment.state === 'requires_action' && payment.method === null
    ? page(
        `Pay ${priceOf(payment)}`,
        `<p>${escape(payment.description)}</p><form method="post">${METHODS.map(
          ({ token, title }) => `<button name="token" value="${token}">${escape(title)} <code>${token}</code></button>`,
        ).join('')}</form>`,
      )
    : statusPage(payment);
export const authenticatePage = (payment: Held): string =>
  payment.state === 'requires_action' && payment.method !== null
    ? page(
        'Your bank asks: is this you?',
        `<p>${escape(priceOf(payment))}</p><form method="post"><button name="answer" value="yes">Yes, pay</button><button name="answer" value="no">No</button></form>`,
      )
    : statusPage(payment);
export const statusPage = (payment: Held): string =>
  page(
    `This payment is ${payment.state.replace('_', ' ')}`,
    payment.failure ? `<p>${escape(payment.failure)}</p>` : '<p>You may close this page.</p>',
  );
