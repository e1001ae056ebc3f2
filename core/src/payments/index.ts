import { createReturnTo, defineFeature, perform, schedule } from '@plinth/kit';
import { users } from '../users/index.ts';
import { webhooks } from '../webhooks/index.ts';
import { AfterCapture } from './after-capture.ts';
import { Asking } from './asking.ts';
import { AttemptsRepository } from './attempts.repository.ts';
import { CasesRepository } from './cases.repository.ts';
import { createCloseCase, createOpenCase } from './cases.ts';
import * as contract from './contract.ts';
import { paymentsController } from './controller.ts';
import { Hearing } from './hearing.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { Ledgers } from './ledger.service.ts';
import { createProviders } from './providers/create.ts';
import { Reconciliations } from './reconciliation.ts';
import { RefundsRepository } from './refunds.repository.ts';
import { PaymentsRepository } from './repository.ts';
import { PaymentsService } from './service.ts';
import { createReceive } from './webhooks.ts';
import { Writing } from './writing.ts';

export {
  ActionUnderWay,
  CaptureTooMuch,
  disputeClosed,
  managePayments,
  MethodNotTaken,
  NotThatNow,
  type Payment,
  paymentAuthorized,
  paymentCanceled,
  paymentCaptured,
  paymentCreated,
  paymentDisputed,
  paymentFailed,
  PaymentNotFound,
  paymentProcessing,
  paymentRefunded,
  paymentRequiresAction,
  ProviderMissing,
  type Refund,
  readPayments,
  refundFailed,
  RefundTooMuch,
} from './contract.ts';
export { Amount, CURRENCIES, Currency, exponentOf, fromDecimal, type Money, split, toDecimal } from './money.ts';
export type { Provider, Snapshot } from './provider.ts';
export type { PaymentOrder } from './service.ts';
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox/start.ts';
export type { PaymentState } from './transitions.ts';
export type { LinkedAttempt as LinkedPaymentAttempt } from './links.repository.ts';
export type PaymentsApi = Pick<
  PaymentsService,
  'create' | 'start' | 'capture' | 'cancel' | 'refund' | 'raise' | 'find' | 'ofPurpose' | 'attemptsOf'
>;

export const payments = defineFeature({
  name: 'payments',
  needs: { users, webhooks },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const [payments, attempts, refunds, ledger, cases] = [
      new PaymentsRepository(),
      new AttemptsRepository(),
      new RefundsRepository(),
      new LedgerRepository(),
      new CasesRepository(),
    ];
    const providers = createProviders(kit);
    const openCase = createOpenCase({ ...kit, cases });
    const closeCase = createCloseCase({ ...kit, cases });
    const writing = new Writing({ payments, ledger, openCase });
    const afterCapture = new AfterCapture({ ...kit, refunds, writing, closeCase });
    const hearing = new Hearing({ ...kit, payments, ledger, writing, afterCapture });
    const asking = new Asking({ ...kit, payments, attempts, refunds, providers, hearing, openCase, closeCase });
    const returnTo = createReturnTo(kit.config);
    const service = new PaymentsService({ ...kit, payments, attempts, refunds, providers, asking, hearing, openCase, returnTo });
    const ledgers = new Ledgers({ ...kit, ledger, cases });
    const reconciliations = new Reconciliations({ ...kit, payments, cases, openCase, closeCase, providers });
    const receive = createReceive({ ...kit, payments, hearing, providers, webhooks: needs.webhooks });
    const api: PaymentsApi = service;
    return {
      api,
      controller: paymentsController(service, ledgers, reconciliations, receive),
      handlers: [
        perform(contract.act, ({ attemptId }, { caller }) => asking.run(caller, attemptId)),
        perform(contract.look, ({ paymentId }, { caller }) => service.look(caller, paymentId)),
        perform(contract.trace, ({ provider, reference }, { caller }) => service.trace(caller, provider, reference)),
        perform(contract.poll, () => service.poll()),
        schedule(contract.poll, '* * * * *', {}),
        perform(contract.reconcile, (_payload, { caller }) => reconciliations.all(caller)),
        schedule(contract.reconcile, '37 3 * * *', {}),
      ],
      personalData: (userId) => payments.ofPayer(kit.db, userId),
      start: () => providers.start(),
      stop: () => providers.stop(),
    };
  },
});
