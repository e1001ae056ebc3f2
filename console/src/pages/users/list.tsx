import { List } from '../../kit/index.ts';

/** Everybody, the newest first; by cursor, so that it opens as fast among a million. */
export const Page = () => (
  <List
    of="/api/v1/users"
    title="Users"
    filters={['q', 'status', 'kind']}
    columns={[
      { name: 'displayName', title: 'Name' },
      { name: 'email', title: 'E-mail' },
      { name: 'status' },
      { name: 'kind', hidden: true },
      { name: 'emailVerifiedAt', title: 'Address proved', hidden: true },
      { name: 'createdAt', title: 'Created' },
      { name: 'deletedAt', title: 'Deleted', hidden: true },
    ]}
  />
);
