import { List } from '../../kit/index.ts';

/** The organizations that one may see. */
export const Page = () => (
  <List
    of="/api/v1/organizations"
    title="Organizations"
    columns={[
      { name: 'name' },
      { name: 'seats', title: 'Seats' },
      {
        name: 'roles',
        title: 'Your roles',
        cell: ({ roles }) => (roles.length === 0 ? <span className="text-quiet">not a member</span> : roles.map(short).join(', ')),
      },
      { name: 'createdAt', title: 'Created' },
      { name: 'updatedAt', title: 'Changed', hidden: true },
    ]}
  />
);
const short = (role: string): string => role.replace(/^organization-/, '');
