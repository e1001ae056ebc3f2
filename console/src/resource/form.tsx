import { type ComponentType, type ReactNode, useId, useState } from 'react';
import { type Contract, plain, type Schema, typeOf, words } from '../contract.ts';
import { type Money, MoneyFields } from '../kit/money-input.tsx';
import { Input, Select, Textarea } from '../ui.tsx';

export type Values = Readonly<Record<string, unknown>>;
/** What a field is filled in with, where the schema alone says too little: somebody is chosen, not typed as an id. */
export interface InputProps {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly shared: ControlProps['shared'];
}
export type Inputs = Readonly<Record<string, ComponentType<InputProps>>>;

/** What a form begins with: what is there, else what the contract would take for absent. Undefined is not sent. */
export function emptyOf(contract: Contract, schema: Schema, current?: Values): Values {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, given]) => {
      const property = plain(contract, given);
      if (current && name in current) return [name, current[name] ?? undefined];
      if (property.const !== undefined && schema.required?.includes(name)) return [name, property.const];
      if (property.default !== undefined) return [name, property.default];
      const required = schema.required?.includes(name);
      if (typeOf(property) === 'object' && property.properties && required) return [name, emptyOf(contract, property)];
      if (typeOf(property) === 'array' && required) return [name, []];
      return [name, typeOf(property) === 'boolean' && required ? false : undefined];
    }),
  );
}

/** What there is to fill in: a field that can hold one value only is none. */
export const fieldsIn = (contract: Contract, schema: Schema): [string, Schema][] =>
  Object.entries(schema.properties ?? {}).filter(([, given]) => plain(contract, given).const === undefined);
/** The forms that a body may have: one, or those of a union. */
export function formsOf(contract: Contract, body: Schema | undefined): Schema[] {
  const schema = body ? plain(contract, body) : {};
  return schema.properties ? [schema] : (schema.anyOf ?? schema.oneOf ?? [schema]).map((option) => plain(contract, option));
}

interface FieldsProps {
  readonly contract: Contract;
  readonly schema: Schema;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  /** By path, as the server names them: `price.amount`. */
  readonly errors: Readonly<Record<string, string>>;
  readonly prefix?: string;
  readonly inputs?: Inputs | undefined;
}
export function Fields({ contract, schema, values, onChange, errors, prefix = '', inputs }: FieldsProps) {
  return fieldsIn(contract, schema).map(([name, given]) => (
    <Field
      key={name}
      contract={contract}
      name={name}
      schema={plain(contract, given)}
      required={schema.required?.includes(name) ?? false}
      value={values[name]}
      onChange={(value) => onChange({ ...values, [name]: value })}
      errors={errors}
      path={prefix + name}
      input={inputs?.[prefix + name]}
    />
  ));
}

/** A whole number of minor units and a currency. */
const isMoney = ({ properties = {} }: Schema): boolean =>
  Object.keys(properties).toSorted().join() === 'amount,currency' && typeOf(properties['amount']!) === 'integer';

interface FieldProps {
  readonly contract: Contract;
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly errors: Readonly<Record<string, string>>;
  readonly path: string;
  readonly input?: ComponentType<InputProps> | undefined;
}
function Field({ contract, name, schema, required, value, onChange, errors, path, input: Own }: FieldProps) {
  const id = useId();
  const type = typeOf(schema);
  const error = errors[path];
  if (type === 'object' && schema.properties && !Own) {
    return (
      <fieldset className="rounded-md border border-line p-3">
        <legend className="px-1 text-sm font-medium">
          {words(name)}
          {!required && <span className="ml-1 font-normal text-quiet">(optional)</span>}
        </legend>
        {schema.description !== undefined && <p className="mb-2 text-xs text-quiet">{schema.description}</p>}
        {isMoney(schema) ? (
          <MoneyFields
            value={value as Money | undefined}
            onChange={onChange}
            required={required}
            errors={{ amount: errors[`${path}.amount`], currency: errors[`${path}.currency`] }}
          />
        ) : (
          <div className="flex flex-col gap-3">
            <Fields
              contract={contract}
              schema={schema}
              values={(value ?? {}) as Values}
              // Emptied again it is not there: an object without fields is refused.
              onChange={(next) => onChange(!required && Object.values(next).every((each) => each === undefined) ? undefined : next)}
              errors={errors}
              prefix={`${path}.`}
            />
          </div>
        )}
        <Wrong id={`${id}-error`} text={error} />
      </fieldset>
    );
  }
  const shared = { id, 'aria-invalid': error !== undefined, 'aria-describedby': `${id}-hint ${id}-error`, required };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {words(Own ? name.replace(/Id$/, '') : name)}
        {!required && <span className="ml-1 font-normal text-quiet">(optional)</span>}
      </label>
      {Own ? (
        <Own value={value} onChange={onChange} shared={shared} />
      ) : (
        <Control contract={contract} schema={schema} value={value} onChange={onChange} shared={shared} />
      )}
      {schema.description !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-quiet">
          {schema.description}
        </p>
      )}
      <Wrong
        id={`${id}-error`}
        text={
          error ??
          Object.entries(errors)
            .find(([field]) => field.startsWith(`${path}.`))
            ?.join(' ')
        }
      />
    </div>
  );
}
const Wrong = ({ id, text }: { id: string; text: ReactNode }) =>
  text === undefined ? null : (
    <p id={id} role="alert" className="text-xs text-wrong">
      {text}
    </p>
  );

interface ControlProps {
  readonly contract: Contract;
  readonly schema: Schema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly shared: {
    readonly id: string;
    readonly 'aria-invalid': boolean;
    readonly 'aria-describedby': string;
    readonly required: boolean;
  };
}
function Control({ contract, schema, value, onChange, shared }: ControlProps) {
  const type = typeOf(schema);
  const asText = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const orAbsent = (given: string): string | undefined => (given === '' ? undefined : given);
  if (schema.enum || type === 'boolean') {
    const choices = schema.enum?.map(String) ?? ['true', 'false'];
    return (
      <Select
        {...shared}
        value={typeof value === 'boolean' ? String(value) : asText}
        onChange={({ target }) => onChange(type === 'boolean' && target.value !== '' ? target.value === 'true' : orAbsent(target.value))}
      >
        {!shared.required || value === undefined ? <option value="">–</option> : null}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </Select>
    );
  }
  if (type === 'integer' || type === 'number') {
    const bounds = { min: schema.minimum, max: schema.maximum, step: type === 'integer' ? 1 : 'any' };
    return (
      <Input
        {...shared}
        {...bounds}
        type="number"
        value={asText}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.valueAsNumber)}
      />
    );
  }
  if (type === 'string') {
    if ((schema.maxLength ?? 0) > 400) return <Textarea {...shared} value={asText} onChange={({ target }) => onChange(target.value)} />;
    if (schema.format === 'date-time') return <TimeInput shared={shared} value={value} onChange={onChange} />;
    const kind = schema.format === 'email' ? 'email' : schema.format === 'uri' ? 'url' : 'text';
    return <Input {...shared} type={kind} value={asText} autoComplete="off" onChange={({ target }) => onChange(orAbsent(target.value))} />;
  }
  if (type === 'array' && typeOf(contract.resolve(schema.items ?? {})) === 'string') {
    return (
      <Textarea
        {...shared}
        placeholder="One a line"
        defaultValue={Array.isArray(value) ? value.join('\n') : ''}
        onChange={({ target }) => onChange(target.value.split('\n').flatMap((line) => orAbsent(line.trim()) ?? []))}
      />
    );
  }
  return <JsonControl value={value} onChange={onChange} shared={shared} />;
}
/** A time in the zone of whoever looks; sent as the instant that it is. */
function TimeInput({ value, onChange, shared }: InputProps) {
  const local = (instant: string): string => new Date(Date.parse(instant) - new Date(instant).getTimezoneOffset() * 60_000).toISOString();
  return (
    <Input
      {...shared}
      type="datetime-local"
      value={typeof value === 'string' ? local(value).slice(0, 16) : ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : new Date(target.value).toISOString())}
    />
  );
}
/** For what no field fits. */
function JsonControl({ value, onChange, shared }: Pick<ControlProps, 'value' | 'onChange' | 'shared'>) {
  const [draft, setDraft] = useState(value === undefined ? '' : JSON.stringify(value, null, 2));
  const [broken, setBroken] = useState(false);
  return (
    <>
      <Textarea
        {...shared}
        className="font-mono"
        placeholder="JSON"
        value={draft}
        aria-invalid={broken || shared['aria-invalid']}
        onChange={({ target }) => {
          setDraft(target.value);
          try {
            onChange(target.value.trim() === '' ? undefined : (JSON.parse(target.value) as unknown));
            setBroken(false);
          } catch {
            setBroken(true);
          }
        }}
      />
      {broken && <p className="text-xs text-wrong">This is not JSON yet.</p>}
    </>
  );
}
