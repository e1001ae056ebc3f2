import { useEffect, useState } from 'react';
import { type Parameter, typeOf, words } from '../contract.ts';
import { Button, Input, Select } from '../ui.tsx';
import { fromLocal, toLocal } from './moment.ts';

export const PAGING = new Set(['page', 'limit', 'cursor']);
type Search = Readonly<Record<string, string>>;

/** What a list can be narrowed and ordered by. It stands in the address, so that it can be passed on. */
export function Filters({ query, search, onChange }: { query: readonly Parameter[]; search: Search; onChange: (next: Search) => void }) {
  const shown = query.filter(({ name }) => !PAGING.has(name));
  const ordered = shown.toSorted((a, b) => rank(a) - rank(b));
  if (shown.length === 0) return null;
  const set = (name: string, value: string): void => {
    const { [name]: _, ...rest } = search;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <search className="mt-4 flex flex-wrap items-end gap-3">
      {ordered.map((parameter) => (
        <Filter
          key={parameter.name}
          parameter={parameter}
          value={search[parameter.name] ?? ''}
          onChange={(value) => set(parameter.name, value)}
        />
      ))}
      {shown.some(({ name }) => search[name]) && (
        <Button kind="quiet" onClick={() => onChange({})}>
          Clear
        </Button>
      )}
    </search>
  );
}
const rank = ({ name, schema }: Parameter): number => (name === 'q' ? 0 : name === 'sort' ? 3 : schema.enum ? 1 : 2);

function Filter({ parameter, value, onChange }: { parameter: Parameter; value: string; onChange: (value: string) => void }) {
  const { name, schema, description } = parameter;
  const label = name === 'q' ? 'Search' : words(name);
  const choices = schema.enum ?? (typeOf(schema) === 'boolean' ? ['true', 'false'] : undefined);
  return (
    <label
      className={`flex flex-1 flex-col gap-1 text-xs text-quiet sm:max-w-52 ${schema.format === 'date-time' ? 'min-w-48' : 'min-w-32'}`}
      title={description}
    >
      {label}
      {choices ? (
        <Select value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">{schema.default === undefined ? 'any' : `${said(schema.default as string)} (usual)`}</option>
          {choices
            .filter((choice) => choice !== schema.default)
            .map((choice) => (
              <option key={choice} value={choice}>
                {said(choice)}
              </option>
            ))}
        </Select>
      ) : schema.format === 'date-time' ? (
        <Input
          type="datetime-local"

          value={toLocal(value)}
          onChange={({ target }) => onChange(fromLocal(target.value))}
        />
      ) : (
        <Typed value={value} onChange={onChange} label={label} />
      )}
    </label>
  );
}
/** `-createdAt` is the newest first. */
const said = (choice: string | number): string => {
  const text = String(choice);
  return text.startsWith('-') ? `${words(text.slice(1))} ↓` : text;
};
/** Asks when the typing rests. */
function Typed({ value, onChange, label }: { value: string; onChange: (value: string) => void; label: string }) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  useEffect(() => {
    if (draft === value) return undefined;
    const timer = setTimeout(() => onChange(draft.trim()), 300);
    return () => clearTimeout(timer);
  }, [draft, value, onChange]);
  return <Input type={label === 'Search' ? 'search' : 'text'} value={draft} onChange={({ target }) => setDraft(target.value)} />;
}
