import { type FormEvent, useId, useState } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Card, Input, useHere, UserInput, useQuery } from '../../kit/index.ts';

export type Asked = Readonly<Partial<Record<'user' | 'action' | 'resource', string>>>;
/** What is asked stands in the address, so that it can be passed on. */
export const useAsked = (): Asked => useSearch({ strict: false });

/** May this person do this, on this thing? @param of whom it is about, where that is known. */
export function QuestionForm({ of }: { of?: string }) {
  const asked = useAsked();
  const navigate = useNavigate();
  const { contract } = useHere();
  const [user, setUser] = useState<unknown>(of ?? asked.user);
  const permissions = useQuery('get', '/api/v1/access/permissions', {}, { staleTime: 60_000 });
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const { action, resource } = Object.fromEntries(new FormData(event.currentTarget)) as { action: string; resource: string };
    const { user: _user, resource: _resource, ...rest } = asked;
    const about = of === undefined && typeof user === 'string' ? { user } : {};
    const thing = resource.trim() === '' ? {} : { resource: resource.trim() };
    void navigate({ to: '.', search: { ...rest, ...about, action: action.trim(), ...thing }, replace: true });
  };
  return (
    <Card className="p-4">
      <form
        onSubmit={submit}
        className={`grid items-start gap-3 ${of === undefined ? 'lg:grid-cols-[1fr_1fr_1fr_auto]' : 'lg:grid-cols-[1fr_1fr_auto]'}`}
      >
        {of === undefined && (
          <div className="min-w-0">
            <label htmlFor={`${id}-user`} className="block text-sm font-medium">
              Who
            </label>
            <div className="mt-1">
              <UserInput
                value={user}
                onChange={setUser}
                shared={{ id: `${id}-user`, required: true, 'aria-invalid': false, 'aria-describedby': `${id}-hint` }}
              />
            </div>
          </div>
        )}
        <label className="text-sm font-medium">
          Does what
          <Input
            name="action"
            key={asked.action}
            defaultValue={asked.action}
            required
            list={`${id}-actions`}
            placeholder="orders.cancel or orders:read"
            autoComplete="off"
            className="mt-1"
          />
        </label>
        <label className="text-sm font-medium">
          To what <span className="font-normal text-quiet">(optional)</span>
          <Input
            name="resource"
            key={asked.resource}
            defaultValue={asked.resource}
            placeholder="order:0199…"
            autoComplete="off"
            className="mt-1"
          />
        </label>
        <Button type="submit" kind="primary" className="lg:mt-6">
          Explain
        </Button>
        <datalist id={`${id}-actions`}>
          {permissions.data?.data.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
          {contract.operations.map(({ id: name, summary }) => (
            <option key={name} value={name}>
              {summary}
            </option>
          ))}
        </datalist>
      </form>
      <p id={`${id}-hint`} className="mt-2 text-xs text-quiet">
        A permission, or an operation of the API; the thing as <code>type:id</code>, where the row counts.
      </p>
    </Card>
  );
}
