import { useState } from 'react';
import {
  Badge,
  Button,
  Card,
  Input,
  List,
  Loaded,
  Notice,
  OperationButton,
  PageHead,
  type PageProps,
  Tabs,
  useHere,
  useQuery,
} from '../../kit/index.ts';
import { groupsOf, heldBy } from './checklist.ts';
import { givenColumns } from './given.tsx';

export function Page({ params }: PageProps) {
  const role = params['role']!;
  const { allowed } = useHere();
  const asked = useQuery('get', '/api/v1/access/roles/{role}', { params: { path: { role } } });
  return (
    <Loaded query={asked} rows={12}>
      {({ data }) => (
        <>
          <PageHead
            title={data.title}
            badge={data.system && <Badge>of the system</Badge>}
            lead={
              <>
                <code>{data.name}</code>, counts{' '}
                {data.scopeType === null ? 'everywhere, and inside anything' : `inside one ${data.scopeType}`}
              </>
            }
          >
            <OperationButton operation="access.changeRole" params={{ role }} current={data}>
              Rename
            </OperationButton>
            {!data.system && (
              <OperationButton
                operation="access.deleteRole"
                params={{ role }}
                current={{ name: data.name, version: data.version }}
                listPath="/access/roles"
              >
                Delete
              </OperationButton>
            )}
          </PageHead>
          <Tabs
            label="Parts of this role"
            tabs={[
              { id: 'permissions', title: 'Permissions', children: <Permissions key={data.version} role={data} /> },
              allowed('access.listAssignments') && { id: 'who', title: 'Who has it', children: <Holders role={role} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

interface Role {
  readonly name: string;
  readonly title: string;
  readonly permissions: readonly string[];
  readonly version: number;
}
/** What it gives: ticked and unticked, looked over, and then saved at once. */
function Permissions({ role }: { role: Role }) {
  const { allowed } = useHere();
  const all = useQuery('get', '/api/v1/access/permissions', {}, { enabled: Boolean(allowed('access.listPermissions')) });
  const [grants, setGrants] = useState<ReadonlySet<string>>(() => new Set(role.permissions));
  const [filter, setFilter] = useState('');
  const fixed = role.name === 'admin' || !allowed('access.setPermissions');
  const set = (name: string, on: boolean): void => setGrants(new Set(on ? [...grants, name] : [...grants].filter((each) => each !== name)));
  const added = [...grants].filter((name) => !role.permissions.includes(name));
  const removed = role.permissions.filter((name) => !grants.has(name));
  const changes = added.length + removed.length;

  return (
    <Loaded query={all} rows={12}>
      {({ data }) => {
        const groups = groupsOf(data, filter);
        return (
          <>
            <div className="flex flex-wrap items-center gap-3">
              <Input
                type="search"
                aria-label="Search permissions"
                placeholder="Search permissions"
                className="max-w-72"
                value={filter}
                onChange={({ target }) => setFilter(target.value)}
              />
              <Box name="*" title="Everything, also what will be there later" grants={grants} fixed={fixed} onChange={set} />
            </div>
            {role.name === 'admin' && <p className="mt-3 text-sm text-quiet">Administrators hold everything. That cannot be changed.</p>}
            {groups.length === 0 && <Notice title="No permission is called so" />}
            <div className="mt-4 gap-4 lg:columns-2">
              {groups.map(({ feature, pattern, permissions }) => (
                <Card key={feature} className="mb-4 break-inside-avoid p-4">
                  <fieldset>
                    <legend className="sr-only">{feature}</legend>
                    <div className="mb-2 flex items-baseline justify-between gap-3 border-b border-line pb-2">
                      <span className="font-medium">{feature}</span>
                      <Box name={pattern} title="all" grants={grants} fixed={fixed} onChange={set} />
                    </div>
                    <ul className="flex flex-col gap-1.5">
                      {permissions.map(({ name, title }) => (
                        <li key={name}>
                          <Box name={name} title={title} grants={grants} fixed={fixed} onChange={set} named />
                        </li>
                      ))}
                    </ul>
                  </fieldset>
                </Card>
              ))}
            </div>
            {changes > 0 && (
              <div className="sticky bottom-3 z-20 mt-4 flex flex-wrap items-center gap-3 rounded-lg border border-line bg-card p-3 shadow-lg">
                <p className="text-sm" role="status">
                  {changes} {changes === 1 ? 'change' : 'changes'} not saved
                </p>
                <div className="flex gap-2">
                  <Button onClick={() => setGrants(new Set(role.permissions))}>Discard</Button>
                  <OperationButton
                    operation="access.setPermissions"
                    params={{ role: role.name }}
                    current={{ ...role }}
                    known={{ permissions: [...grants] }}
                    lead={[
                      `Whoever has the role “${role.title}”`,
                      added.length > 0 && `gets ${added.join(', ')}`,
                      removed.length > 0 && `loses ${removed.join(', ')}`,
                    ]
                      .filter(Boolean)
                      .join(' ')}
                    kind="primary"
                    onDone={() => {}}
                  >
                    Save
                  </OperationButton>
                </div>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
interface BoxProps {
  readonly name: string;
  readonly title: string;
  readonly grants: ReadonlySet<string>;
  readonly fixed: boolean;
  readonly onChange: (name: string, on: boolean) => void;
  /** With the name under which programs know it. */
  readonly named?: boolean;
}
/** Ticked, too, where a pattern holds it: then there is nothing to take away here. */
function Box({ name, title, grants, fixed, onChange, named = false }: BoxProps) {
  const by = heldBy(grants, name);
  return (
    <label className="flex items-start gap-2 text-sm" title={by === undefined ? name : `Held by ${by}`}>
      <input
        type="checkbox"
        className="mt-1 shrink-0"
        checked={by !== undefined || grants.has(name)}
        disabled={fixed || by !== undefined}
        onChange={({ target }) => onChange(name, target.checked)}
      />
      <span className="min-w-0">
        {title}
        {named && <code className="block text-xs break-all text-quiet">{name}</code>}
      </span>
    </label>
  );
}

const Holders = ({ role }: { role: string }) => (
  <List
    of="/api/v1/access/assignments"
    within
    title="Who has it"
    fixed={{ role }}
    filters={[]}
    empty="Nobody has this role"
    hrefOf={({ userId }) => `/users/${userId}`}
    columns={[{ name: 'userName', title: 'Who' }, ...givenColumns]}
  />
);
