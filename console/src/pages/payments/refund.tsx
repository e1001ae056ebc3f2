import { FormField, money, MoneyInput, OperationButton, ReasonField } from '../../kit/index.ts';

interface Payment {
  readonly id: string;
  readonly currency: string;
  readonly captured: number;
  readonly refunding: number;
  readonly disputed: number;
}
/** Minor units that can still be given back. */
const leftOf = ({ captured, refunding, disputed }: Payment): number => captured - refunding - disputed;
export const whyNoRefund = (payment: Payment): string | undefined =>
  payment.captured === 0
    ? 'Refund: nothing was taken.'
    : leftOf(payment) <= 0
      ? 'Refund: all that was taken goes back, or is disputed.'
      : undefined;

export function RefundButton({ payment }: { payment: Payment }) {
  const left = leftOf(payment);
  const { currency } = payment;
  return (
    <OperationButton
      operation="payments.refund"
      kind="primary"
      params={{ paymentId: payment.id }}
      unless={whyNoRefund(payment)}
      initial={{ amount: left }}
      submit="Refund"
      onDone={() => undefined}
      form={(form) => (
        <>
          <FormField
            label={`Amount in ${currency}`}
            hint={`${money({ amount: left, currency })} are left to give back.`}
            error={form.errors['amount']}
          >
            {(shared) => (
              <MoneyInput
                {...shared}
                required
                value={left}
                currency={currency}
                onChange={(amount) => form.onChange({ ...form.values, amount })}
              />
            )}
          </FormField>
          <ReasonField {...form} />
        </>
      )}
    >
      Refund
    </OperationButton>
  );
}
