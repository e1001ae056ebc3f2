import { type Controller, respond } from '@plinth/kit';
import { operations as declared, ProviderNotFound } from './contract.ts';
import type { Ledgers } from './ledger.service.ts';
import type { Reconciliations } from './reconciliation.ts';
import type { PaymentsService } from './service.ts';
import type { Receive } from './webhooks.ts';

export const paymentsController = (
  service: PaymentsService,
  ledgers: Ledgers,
  reconciliations: Reconciliations,
  receive: Receive,
): Controller<typeof declared> => ({
  list: ({ caller, query, paging }) => service.list(caller.visible(declared.list.access), query, paging),
  get: ({ caller, params }) => service.get(params.paymentId, caller.visible(declared.get.access)),
  timeline: ({ caller, params }) => service.timeline(params.paymentId, caller.visible(declared.timeline.access)),
  refunds: ({ caller, params }) => service.listRefunds(params.paymentId, caller.visible(declared.refunds.access)),
  disputes: ({ query, paging }) => service.listDisputes(query.state, paging),
  start: async ({ caller, params, body }) => {
    const { payment, known } = await service.start(caller, params.paymentId, body, caller.visible(declared.start.access));
    return respond(payment, known ? {} : { status: 202, headers: { 'retry-after': '2' } });
  },
  capture: ({ caller, tx, params, body }) => service.capture(caller, tx, params.paymentId, body.amount),
  cancel: ({ caller, tx, params }) => service.cancel(caller, tx, params.paymentId),
  refund: ({ caller, tx, params, body }) => service.refund(caller, tx, params.paymentId, body),
  ledger: ({ query, paging }) => ledgers.list(query.paymentId, paging),
  balances: () => ledgers.balances(),
  reconciliation: () => ledgers.reconciliation(),
  reconcile: ({ caller, body }) => reconciliations.run(caller, body.from),
  cases: ({ query, paging }) => ledgers.cases(query.state, paging),
  closeCase: ({ caller, tx, params, body }) => ledgers.closeCase(caller, tx, params.caseId, body.reason),
  webhook: async ({ caller, params, body, headers }) => {
    const outcome = await receive(caller, params.provider, body, headers);
    if (outcome === null) throw new ProviderNotFound({ provider: params.provider });
    return { outcome };
  },
});
