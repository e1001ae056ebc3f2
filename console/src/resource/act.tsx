import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { call, isProblem } from '../client.ts';
import { fill, idOf, keyOf, nameOf, type Operation, type Schema, words } from '../contract.ts';
import { useHere } from '../here.tsx';
import { fieldsOf, toastProblem } from '../problems.tsx';
import { Button, Dialog, Input, Select } from '../ui.tsx';
import { pageOf } from './address.ts';
import { emptyOf, Fields, fieldsIn, formsOf, type Inputs, type Values } from './form.tsx';

/** What a form of one's own gets, and gives back. */
export interface FormPart {
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  /** By the names of the fields, as the server says them. */
  readonly errors: Readonly<Record<string, string>>;
}
export interface OperationDialogProps {
  readonly onClose: () => void;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  /** What it is done to; absent where something is made. */
  readonly current?: Readonly<Record<string, unknown>> | undefined;
  /** Of the list that what is made belongs to, or what is deleted: the page that one is led to. */
  readonly listPath?: string | undefined;
  /** Fields that are known already: sent, and not asked for. */
  readonly known?: Values | undefined;
  /** In place of the field that the schema would make, by name. */
  readonly inputs?: Inputs | undefined;
  /** Told in place of the general question. */
  readonly lead?: string | undefined;
  /** What its fields begin with. */
  readonly initial?: Values | undefined;
  /** In place of the form that the body's schema makes. */
  readonly form?: ((part: FormPart) => ReactNode) | undefined;
  /** On the button that does it; absent: the summary's first word. */
  readonly submit?: string | undefined;
  /** With what the server replied, instead of going anywhere. */
  readonly onDone?: ((data: unknown) => void) | undefined;
}

/** A form for what an operation takes; where nothing can be brought back, the name must be typed. */
export function OperationDialog(props: OperationDialogProps) {
  const { onClose, operation, params, current, listPath, known, inputs, lead, onDone, initial, form: own, submit } = props;
  const { contract } = useHere();
  const forms = formsOf(contract, operation.body)
    .filter(({ properties = {} }) => Object.keys(known ?? {}).every((name) => name in properties))
    .map((each) => without(each, known));
  const [form, setForm] = useState(0);
  const schema: Schema = forms[form] ?? {};
  const changes = operation.method === 'patch' || operation.method === 'put';
  // As it was when the form was opened: what somebody else changed since is not ours to send.
  const [before] = useState<Values>(() => emptyOf(contract, schema, changes ? current : undefined));
  const [values, setValues] = useState<Values>(() => ({ ...before, ...initial }));
  // One dialog is one act: clicked twice, or again after an answer that was lost, it is done once. What was refused left nothing behind.
  const [key] = useState(() => crypto.randomUUID());
  const [typed, setTyped] = useState('');
  const cache = useQueryClient();
  const navigate = useNavigate();
  const destroys = operation.method === 'delete';
  const name = current ? nameOf(current) : '';
  // What was read again behind the form was not seen by whoever fills it in; once told so (412), they may write over it.
  const [opened, setOpened] = useState(current?.['version']);
  const version = opened ?? current?.['version'];

  const act = useMutation({
    mutationKey: [operation.id],
    mutationFn: () =>
      call<Readonly<Record<string, unknown>> | undefined>({
        method: operation.method,
        path: fill(operation.template, params),
        ...(operation.body && { body: { ...(changes && operation.method === 'patch' ? changedOf(values, before) : values), ...known } }),
        header: {
          'Idempotency-Key': key,
          ...(operation.takesIfMatch && typeof version === 'number' && { 'If-Match': `"${version}"` }),
        },
      }),
    onSuccess: async ({ data }) => {
      toast.success(`${operation.summary}: done`);
      onClose();
      const made = !current && data ? idOf(data, keyOf(contract, operation.template)) : undefined;
      if (onDone) onDone(data);
      else if (listPath !== undefined && destroys) await navigate(pageOf(listPath));
      else if (listPath !== undefined && made !== undefined) await navigate(pageOf(`${listPath}/${made}`));
      await cache.invalidateQueries({ predicate: isOfServer });
    },
    onError: (error) => {
      if (Object.keys(fieldsOf(error)).length === 0) toastProblem(error);
      if (!isProblem(error) || error.status !== 412) return;
      setOpened(undefined);
      void cache.invalidateQueries({ predicate: isOfServer });
    },
  });
  const errors = fieldsOf(act.error);
  const hasFields = fieldsIn(contract, schema).length > 0;
  const doIt = submit ?? (changes && hasFields ? 'Save' : operation.summary.split(' ')[0]!);
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    // What a field itself knows to be wrong is not sent; all else is for the server to judge.
    const wrong = [...event.currentTarget.elements].find((field) => field instanceof HTMLInputElement && field.validity.customError);
    if (wrong instanceof HTMLInputElement) wrong.reportValidity();
    else act.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={operation.summary}
      {...(destroys
        ? { lead: [lead ?? 'This cannot be taken back.', `Type “${name}” to go on.`].join(' ') }
        : { lead: lead ?? (hasFields || forms.length > 1 ? undefined : current ? `${name}: go on?` : 'Go on?') })}
    >
      <form onSubmit={onSubmit} className="flex flex-col gap-4" noValidate>
        {destroys && (
          <Input value={typed} onChange={({ target }) => setTyped(target.value)} aria-label={`Type ${name}`} autoComplete="off" />
        )}
        {forms.length > 1 && (
          <Select
            aria-label="Which"
            value={form}
            onChange={({ target }) => {
              setForm(Number(target.value));
              setValues(emptyOf(contract, forms[Number(target.value)]!));
            }}
          >
            {forms.map((each, index) => (
              <option key={index} value={index}>
                {(each.required ?? [`${index + 1}`]).map(words).join(', ')}
              </option>
            ))}
          </Select>
        )}
        {own
          ? own({ values, onChange: setValues, errors })
          : hasFields && (
              <Fields contract={contract} schema={schema} values={values} onChange={setValues} errors={errors} inputs={inputs} />
            )}
        {Object.entries(errors)
          .filter(([field]) => !Object.hasOwn(schema.properties ?? {}, field.split('.')[0] ?? ''))
          .map(([field, problem]) => (
            <p key={field} role="alert" className="text-sm text-wrong">
              {field === '' ? problem : `${field} ${problem}`}
            </p>
          ))}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{doIt.startsWith('Cancel') ? 'Back' : 'Cancel'}</Button>
          <Button type="submit" kind={destroys ? 'danger' : 'primary'} busy={act.isPending} disabled={destroys && typed.trim() !== name}>
            {doIt}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
const isOfServer = ({ queryKey }: { queryKey: readonly unknown[] }): boolean => queryKey[0] !== 'contract';
const without = (schema: Schema, known: Values = {}): Schema => ({
  ...schema,
  ...(schema.properties && { properties: Object.fromEntries(Object.entries(schema.properties).filter(([name]) => !(name in known))) }),
});
/** Only what was changed is sent: a field that somebody else changed meanwhile stays theirs. */
const changedOf = (values: Values, before: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
