// Fields for what the contract knows as an id or a name only: chosen from what there is.
import { keepPreviousData } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useState } from 'react';
import { useQuery } from '../client.ts';
import { useHere } from '../here.tsx';
import type { InputProps } from '../resource/form.tsx';
import { Button, Input, Select } from '../ui.tsx';

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Somebody, found by name or address. Whoever may not search users types the id. */
export function UserInput({ value, onChange, shared }: InputProps) {
  const { allowed } = useHere();
  const id = asText(value);
  const chosen = useQuery(
    'get',
    '/api/v1/users/{userId}',
    { params: { path: { userId: id } } },
    { enabled: id !== '' && Boolean(allowed('users.get')) },
  );
  if (!allowed('users.list')) return <Input {...shared} value={id} onChange={({ target }) => onChange(target.value || undefined)} />;
  if (id !== '')
    return (
      <div className="flex min-h-9 items-center gap-2 rounded-md border border-line bg-card py-1 pr-1 pl-3 text-sm">
        <span className="min-w-0 flex-1 truncate">
          {chosen.data?.data.displayName ?? id} <span className="text-quiet">{chosen.data?.data.email}</span>
        </span>
        <Button id={shared.id} kind="quiet" className="h-7! px-2!" onClick={() => onChange(undefined)}>
          Change
        </Button>
      </div>
    );
  return <UserSearch shared={shared} onChange={onChange} />;
}
function UserSearch({ shared, onChange }: Pick<InputProps, 'shared' | 'onChange'>) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const q = useDeferredValue(typed.trim());
  const found = useQuery(
    'get',
    '/api/v1/users',
    { params: { query: { q, kind: 'person', limit: 6, cursor: '', sort: 'displayName' } } },
    { enabled: q.length > 1, placeholderData: keepPreviousData },
  );
  const people = q.length > 1 ? (found.data?.data ?? []) : [];
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((at + step + people.length) % Math.max(1, people.length));
    else if (event.key === 'Enter' && people[at]) onChange(people[at].id);
    else return;
    event.preventDefault();
  };
  const list = `${shared.id}-people`;
  return (
    <div>
      <Input
        {...shared}
        type="search"
        role="combobox"
        aria-expanded={people.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={people[at] ? `${list}-${at}` : undefined}
        autoComplete="off"
        placeholder="Name or address"
        value={typed}
        onKeyDown={onKey}
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
        }}
      />
      <ul
        id={list}
        role="listbox"
        aria-label="People"
        className={people.length > 0 ? 'mt-1 rounded-md border border-line bg-card p-1' : ''}
      >
        {people.map(({ id, displayName, email }, index) => (
          <li
            key={id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseEnter={() => setAt(index)}
            onClick={() => onChange(id)}
            className={`cursor-pointer truncate rounded px-2 py-1.5 text-sm ${index === at ? 'bg-page' : ''}`}
          >
            {displayName} <span className="text-quiet">{email}</span>
          </li>
        ))}
      </ul>
      {q.length > 1 && found.data && people.length === 0 && <p className="mt-1 text-xs text-quiet">Nobody is called so.</p>}
    </div>
  );
}

const useRoles = () => {
  const { allowed } = useHere();
  const may = allowed('access.listRoles') !== undefined;
  const { data, isPending } = useQuery('get', '/api/v1/access/roles', {}, { enabled: may });
  // Until they are there, none to choose from: what is shown does not change its kind.
  return may && isPending ? [] : data?.data;
};
/** One of the roles that there are. */
export function RoleInput({ value, onChange, shared }: InputProps) {
  const roles = useRoles();
  if (!roles) return <Input {...shared} value={asText(value)} onChange={({ target }) => onChange(target.value || undefined)} />;
  return (
    <Select {...shared} value={asText(value)} onChange={({ target }) => onChange(target.value || undefined)}>
      <option value="">–</option>
      {roles
        .filter(({ name }) => name !== 'guest')
        .map(({ name, title, scopeType }) => (
          <option key={name} value={name}>
            {title} ({name}){scopeType === null ? '' : `, inside one ${scopeType}`}
          </option>
        ))}
    </Select>
  );
}
/** Some of the roles that count inside things of one type. */
export const rolesInside = (type: string) =>
  function RolesInput({ value, onChange, shared }: InputProps) {
    const roles = useRoles();
    const chosen = Array.isArray(value) ? (value as string[]) : [];
    const offered = roles?.filter(({ scopeType }) => scopeType === type) ?? chosen.map((name) => ({ name, title: name }));
    const set = (name: string, on: boolean): void => onChange(on ? [...chosen, name] : chosen.filter((each) => each !== name));
    return (
      <div id={shared.id} role="group" className="flex flex-col gap-1 rounded-md border border-line p-3">
        {offered.map(({ name, title }) => (
          <label key={name} className="flex items-center gap-2 text-sm">
            <input type="checkbox" checked={chosen.includes(name)} onChange={({ target }) => set(name, target.checked)} />
            {title} <code className="text-xs text-quiet max-sm:hidden">{name}</code>
          </label>
        ))}
      </div>
    );
  };
/** A permission, or a pattern of them. */
export function PermissionInput({ value, onChange, shared }: InputProps) {
  const { allowed } = useHere();
  const { data } = useQuery('get', '/api/v1/access/permissions', {}, { enabled: Boolean(allowed('access.listPermissions')) });
  const list = `${shared.id}-permissions`;
  return (
    <>
      <Input
        {...shared}
        list={list}
        autoComplete="off"
        value={asText(value)}
        onChange={({ target }) => onChange(target.value || undefined)}
      />
      <datalist id={list}>
        {data?.data.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </datalist>
    </>
  );
}
/** Everywhere, or inside one thing of a type that roles know; an organization is found by its name. */
export function ScopeInput({ value, onChange, shared }: InputProps) {
  const { allowed } = useHere();
  const { type, id } = (value ?? {}) as { readonly type?: string; readonly id?: string };
  const types = [...new Set(['organization', ...(useRoles() ?? []).flatMap(({ scopeType }) => scopeType ?? [])])];
  const ofOrganization = type === 'organization' && Boolean(allowed('organizations.list'));
  const { data } = useQuery('get', '/api/v1/organizations', { params: { query: { limit: 100 } } }, { enabled: ofOrganization });
  const list = `${shared.id}-things`;
  return (
    <div className="flex flex-col gap-2">
      <Select
        {...shared}
        value={type ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? undefined : { type: target.value, id: undefined })}
      >
        <option value="">everywhere</option>
        {types.map((each) => (
          <option key={each} value={each}>
            inside one {each}
          </option>
        ))}
      </Select>
      {type !== undefined && (
        <>
          <Input
            aria-label={`Id of the ${type}`}
            placeholder={`Id of the ${type}`}
            list={list}
            required
            autoComplete="off"
            value={id ?? ''}
            onChange={({ target }) => onChange({ type, id: target.value.trim() || undefined })}
          />
          <datalist id={list}>
            {ofOrganization && data?.data.map((each) => <option key={each.id} value={each.id} label={each.name} />)}
          </datalist>
        </>
      )}
    </div>
  );
}
