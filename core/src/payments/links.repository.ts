import { prepareVisible, queryBuilder, type Runner, type Visible } from '@plinth/kit';
import { sql } from 'kysely';
import type { Timeline } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();

/** What a provider was asked for, and for which payment. */
export interface LinkedAttempt {
  readonly id: string;
  readonly paymentId: string;
  readonly provider: string;
  /** `start`, `capture`, `cancel`, `refund:ID` */
  readonly action: string;
  readonly state: Timeline['attempts'][number]['state'];
  readonly error: string | null;
  readonly createdAt: string;
  /** Null: not yet. */
  readonly askedAt: string | null;
  readonly settledAt: string | null;
}
const attempts = prepareVisible<{ paymentIds: string[]; limit: number }>()((bind, visible) =>
  q
    .selectFrom('payments.attempts as a')
    .innerJoin('payments.payments', 'payments.payments.id', 'a.payment_id')
    .select([
      'a.id',
      'a.payment_id as paymentId',
      'payments.payments.provider',
      'a.action',
      sql<LinkedAttempt['state']>`a.state`.as('state'),
      'a.error',
      'a.created_at as createdAt',
      'a.asked_at as askedAt',
      'a.settled_at as settledAt',
    ])
    .where('a.payment_id', '=', sql<string>`any(${bind('paymentIds')}::uuid[])`)
    .where(visible.where({ owner: 'payments.payments.payer_id' }))
    .limit(bind('limit')),
);

/** What providers were asked for, of many payments at once. */
export const linkedAttempts = (on: Runner, visible: Visible, paymentIds: readonly string[], limit: number): Promise<LinkedAttempt[]> =>
  attempts.all(on, visible, { paymentIds: [...paymentIds], limit });
