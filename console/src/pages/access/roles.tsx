import { Badge, List } from '../../kit/index.ts';

/** Roles, with how much each gives. */
export const Page = () => (
  <List
    of="/api/v1/access/roles"
    title="Roles"
    columns={[
      { name: 'title', title: 'Role' },
      { name: 'name', cell: ({ name }) => <code className="text-xs">{name}</code> },
      {
        name: 'permissions',
        title: 'Gives',
        cell: ({ permissions }) =>
          permissions.includes('*') ? 'everything' : `${permissions.length} ${permissions.length === 1 ? 'permission' : 'permissions'}`,
        text: ({ permissions }) => permissions.join(' '),
      },
      { name: 'scopeType', title: 'Counts', cell: ({ scopeType }) => (scopeType === null ? 'everywhere' : `inside one ${scopeType}`) },
      { name: 'system', title: 'Made by', cell: ({ system }) => (system ? <Badge>the system</Badge> : 'you') },
      { name: 'createdAt', hidden: true },
    ]}
  />
);
