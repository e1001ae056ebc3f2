import { type InputHTMLAttributes, useEffect, useId, useRef, useState } from 'react';
import { isCurrency, toMajor, toMinor } from '../money.ts';
import { Input } from '../ui.tsx';
import { money } from '../values.tsx';

export interface Money {
  readonly amount: number | undefined;
  readonly currency: string | undefined;
}
type Shared = Pick<InputHTMLAttributes<HTMLInputElement>, 'id' | 'required' | 'autoFocus' | 'aria-invalid' | 'aria-describedby'>;

/** Minor units of what was typed; nothing while it is no amount of the currency. */
const read = (typed: string, currency: string): number | undefined => (isCurrency(currency) ? toMinor(typed, currency).amount : undefined);

/** What is typed stays as it is typed; below it stands what will be sent. */
function Amount({
  typed,
  currency,
  onTyped,
  shared,
}: {
  typed: string;
  currency: string;
  onTyped: (typed: string) => void;
  shared: Shared;
}) {
  const note = useId();
  const field = useRef<HTMLInputElement>(null);
  const known = isCurrency(currency);
  const empty = typed.trim() === '';
  const { amount, problem } = !empty && known ? toMinor(typed, currency) : {};
  // The form is not sent as long as this stands: an amount that is missing may mean all of it.
  const missing = empty && shared.required === true ? 'Say how much.' : '';
  useEffect(() => field.current?.setCustomValidity(problem ?? missing), [problem, missing]);
  return (
    <>
      <Input
        {...shared}
        ref={field}
        value={typed}
        onChange={({ target }) => onTyped(target.value)}
        inputMode="decimal"
        autoComplete="off"
        placeholder={known ? toMajor(0, currency) : ''}
        aria-invalid={problem !== undefined || shared['aria-invalid']}
        aria-describedby={[shared['aria-describedby'], note].filter(Boolean).join(' ')}
        className="tabular-nums"
      />
      <p id={note} aria-live="polite" className={`min-h-4 text-xs ${problem === undefined ? 'text-quiet' : 'text-wrong'}`}>
        {problem ?? (amount === undefined ? '' : money({ amount, currency }))}
      </p>
    </>
  );
}

/**
 * An amount in the currency's own units for people: 12.50 EUR, 1250 JPY. What it gives is minor units, exactly.
 * A form with what is no amount is not sent.
 */
export function MoneyInput({
  value,
  currency,
  onChange,
  ...shared
}: Shared & {
  /** Minor units it begins with. */
  readonly value: number | undefined;
  readonly currency: string;
  readonly onChange: (minor: number | undefined) => void;
}) {
  const [typed, setTyped] = useState(value === undefined ? '' : toMajor(value, currency));
  return (
    <Amount
      shared={shared}
      typed={typed}
      currency={currency}
      onTyped={(next) => {
        setTyped(next);
        onChange(read(next, currency));
      }}
    />
  );
}

/** Amount and currency: the same digits are other minor units in another currency. */
export function MoneyFields({
  value,
  onChange,
  required,
  errors,
}: {
  readonly value: Money | undefined;
  readonly onChange: (value: Money | undefined) => void;
  readonly required: boolean;
  readonly errors: Readonly<Record<keyof Money, string | undefined>>;
}) {
  const id = useId();
  const currency = value?.currency ?? '';
  const [typed, setTyped] = useState(value?.amount === undefined ? '' : toMajor(value.amount, currency));
  const give = (text: string, code: string): void => {
    setTyped(text);
    const empty = text.trim() === '' && code === '';
    onChange(empty && !required ? undefined : { amount: read(text, code), currency: code === '' ? undefined : code });
  };
  const field = (name: keyof Money) => ({
    id: `${id}-${name}`,
    required,
    'aria-invalid': errors[name] !== undefined,
    'aria-describedby': `${id}-${name}-error`,
  });
  const wrong = (name: keyof Money) =>
    errors[name] !== undefined && (
      <p id={`${id}-${name}-error`} role="alert" className="text-xs text-wrong">
        {errors[name]}
      </p>
    );
  return (
    <div className="grid grid-cols-[1fr_6rem] gap-3">
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-amount`} className="text-sm font-medium">
          Amount
        </label>
        <Amount shared={field('amount')} typed={typed} currency={currency} onTyped={(text) => give(text, currency)} />
        {wrong('amount')}
      </div>
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-currency`} className="text-sm font-medium">
          Currency
        </label>
        <Input
          {...field('currency')}
          value={currency}
          maxLength={3}
          autoComplete="off"
          placeholder="EUR"
          onChange={({ target }) => give(typed, target.value.trim().toUpperCase())}
        />
        {wrong('currency')}
      </div>
    </div>
  );
}
