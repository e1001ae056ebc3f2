import { Link } from '@tanstack/react-router';
import { Badge, money, pageOf, toneOf } from '../../kit/index.ts';

export const words = (name: string): string => name.replaceAll(/[_-]/g, ' ');
export const State = ({ of }: { of: string }) => <Badge tone={toneOf(of)}>{words(of)}</Badge>;
export const PaymentLink = ({ id, children }: { id: string | null; children?: string }) =>
  id === null ? (
    <span className="text-quiet">–</span>
  ) : (
    <Link {...pageOf(`/payments/${id}`)} className="text-accent underline-offset-2 hover:underline">
      {children ?? id.slice(0, 8)}
    </Link>
  );
/** A debit is more than 0, a credit less: each in its own column. */
export const debitOf = ({ amount, currency }: { amount: number; currency: string }): string =>
  amount > 0 ? money({ amount, currency }) : '';
export const creditOf = ({ amount, currency }: { amount: number; currency: string }): string =>
  amount < 0 ? money({ amount: -amount, currency }) : '';
export const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);
export const Balanced = ({ by }: { by: number }) => (
  <Badge tone={by === 0 ? 'good' : 'wrong'}>{by === 0 ? 'sums to zero' : 'does not sum to zero'}</Badge>
);
