import { Badge, Button, FormField, type FormPart, Input, OperationButton, ReasonField } from '@plinth/console/ui';

/** Units left that are few: somebody should order more. */
const FEW = 5;
export const Available = ({ available }: { available: number }) => (
  <>
    {available <= FEW && (
      <span className="mr-2">
        <Badge tone={available === 0 ? 'wrong' : 'busy'}>{available === 0 ? 'none left' : 'few left'}</Badge>
      </span>
    )}
    {available.toLocaleString()}
  </>
);

interface Product {
  readonly id: string;
  readonly name: string;
  readonly stock: number;
}
export const ChangeStock = ({ product }: { product: Product }) => (
  <OperationButton
    operation="products.changeStock"
    kind="primary"
    params={{ productId: product.id }}
    current={{ ...product }}
    submit="Change the stock"
    form={(part) => <StockForm {...part} stock={product.stock} />}
    onDone={() => undefined}
  >
    Change stock
  </OperationButton>
);

function StockForm({ values, onChange, errors, stock }: FormPart & { stock: number }) {
  const delta = typeof values['delta'] === 'number' ? values['delta'] : undefined;
  const set = (next: number | undefined): void => onChange({ ...values, delta: next });
  return (
    <>
      <FormField
        label="Units"
        hint={`Less than nothing takes some out. In stock: ${stock.toLocaleString()}${delta ? ` → ${(stock + delta).toLocaleString()}` : ''}`}
        error={errors['delta']}
      >
        {(shared) => (
          <div className="flex gap-2">
            <Button aria-label="One less" onClick={() => set((delta ?? 0) - 1)}>
              −
            </Button>
            <Input
              {...shared}
              type="number"
              step={1}
              className="max-w-32 text-center tabular-nums"
              value={delta ?? ''}
              onChange={({ target }) => set(target.value === '' ? undefined : target.valueAsNumber)}
            />
            <Button aria-label="One more" onClick={() => set((delta ?? 0) + 1)}>
              +
            </Button>
          </div>
        )}
      </FormField>
      <ReasonField {...{ values, onChange, errors }} />
    </>
  );
}
