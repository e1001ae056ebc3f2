import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { call, isProblem } from '../client.ts';
import { type Contract, fill, idOf, keyOf, nameOf, type Operation, type Schema, words } from '../contract.ts';
import { fieldsOf, toastProblem } from '../problems.tsx';
import { Button, Dialog, Input, Select } from '../ui.tsx';
import { pageOf } from './address.ts';
import { emptyOf, Fields, fieldsIn, formsOf, type Values } from './form.tsx';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly contract: Contract;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  /** Of the page that it is done from. */
  readonly path: string;
  /** What it is done to; absent where something is made. */
  readonly current?: Readonly<Record<string, unknown>>;
}

/** A form for what an operation takes; where nothing can be brought back, the name must be typed. */
export function OperationDialog({ open, onClose, contract, operation, params, path, current }: Props) {
  const forms = formsOf(contract, operation.body);
  const [form, setForm] = useState(0);
  const schema: Schema = forms[form] ?? {};
  const changes = operation.method === 'patch' || operation.method === 'put';
  // As it was when the form was opened: what somebody else changed since is not ours to send.
  const [before] = useState<Values>(() => emptyOf(contract, schema, changes ? current : undefined));
  const [values, setValues] = useState(before);
  const [typed, setTyped] = useState('');
  const cache = useQueryClient();
  const navigate = useNavigate();
  const destroys = operation.method === 'delete';
  const name = current ? nameOf(current) : '';
  const version = current?.['version'];

  const act = useMutation({
    mutationKey: [operation.id],
    mutationFn: (key: string) =>
      call<Readonly<Record<string, unknown>> | undefined>({
        method: operation.method,
        path: fill(operation.template, params),
        ...(operation.body && { body: changes ? changedOf(values, before) : values }),
        header: {
          'Idempotency-Key': key,
          ...(operation.takesIfMatch && typeof version === 'number' && { 'If-Match': `"${version}"` }),
        },
      }),
    onSuccess: async ({ data }) => {
      toast.success(`${operation.summary}: done`);
      onClose();
      const made = !current && data ? idOf(data, keyOf(contract, operation.template)) : undefined;
      if (destroys) await navigate(pageOf(path.slice(0, path.lastIndexOf('/'))));
      else if (made !== undefined) await navigate(pageOf(`${path}/${made}`));
      await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'contract' });
    },
    onError: (error) => {
      if (Object.keys(fieldsOf(error)).length === 0) toastProblem(error);
      if (isProblem(error) && error.status === 412) void cache.invalidateQueries({ queryKey: ['thing', path] });
    },
  });
  const errors = fieldsOf(act.error);
  const hasFields = fieldsIn(contract, schema).length > 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.mutate(crypto.randomUUID());
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={operation.summary}
      {...(destroys
        ? { lead: `This cannot be taken back. Type “${name}” to go on.` }
        : !hasFields && forms.length === 1 && { lead: current ? `${name}: go on?` : 'Go on?' })}
    >
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
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
        {hasFields && <Fields contract={contract} schema={schema} values={values} onChange={setValues} errors={errors} />}
        {Object.entries(errors)
          .filter(([field]) => !Object.hasOwn(schema.properties ?? {}, field.split('.')[0] ?? ''))
          .map(([field, problem]) => (
            <p key={field} role="alert" className="text-sm text-wrong">
              {field === '' ? problem : `${field} ${problem}`}
            </p>
          ))}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind={destroys ? 'danger' : 'primary'} busy={act.isPending} disabled={destroys && typed.trim() !== name}>
            {destroys ? 'Delete' : changes ? 'Save' : operation.summary.split(' ')[0]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
/** Only what was changed is sent: a field that somebody else changed meanwhile stays theirs. */
const changedOf = (values: Values, before: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
