import { definePages } from '../../kit/index.ts';

const feature = 'payments';
export const pages = definePages([
  { path: '/payments', title: 'Payments', feature, needs: 'payments.list', load: () => import('./list.tsx') },
  { path: '/payments/disputes', title: 'Disputes', feature, needs: 'payments.disputes', load: () => import('./disputes.tsx') },
  { path: '/payments/ledger', title: 'Ledger', feature, needs: 'payments.ledger', load: () => import('./ledger.tsx') },
  { path: '/payments/ledger/balances', title: 'Balances', feature, needs: 'payments.balances', load: () => import('./balances.tsx') },
  {
    path: '/payments/reconciliation',
    title: 'Reconciliation',
    feature,
    needs: 'payments.reconciliation',
    load: () => import('./reconciliation.tsx'),
  },
  { path: '/payments/cases', title: 'Cases', feature, needs: 'payments.cases', load: () => import('./cases.tsx') },
  { path: '/payments/{paymentId}', needs: 'payments.get', load: () => import('./detail.tsx') },
]);
