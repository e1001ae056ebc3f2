import { type ReactNode, useId } from 'react';
import type { FormPart } from '../resource/act.tsx';
import { Textarea } from '../ui.tsx';

interface Shared {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}
/** A field of a form of one's own: its label, a hint, and what the server says is wrong. `children` gets what ties them to the control. */
export function FormField({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (shared: Shared) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-invalid': error !== undefined, 'aria-describedby': `${id}-hint ${id}-error` })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-quiet">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-xs text-wrong">
          {error}
        </p>
      )}
    </div>
  );
}

/** The reason of an act, for a `form` of your own: beside who acted it stands in the audit log. */
export const ReasonField = ({ values, onChange, errors }: FormPart) => (
  <FormField label="Reason" hint="Stands in the audit log, beside your name." error={errors['reason']}>
    {(shared) => (
      <Textarea
        {...shared}
        rows={2}
        value={typeof values['reason'] === 'string' ? values['reason'] : ''}
        onChange={({ target }) => onChange({ ...values, reason: target.value })}
      />
    )}
  </FormField>
);
