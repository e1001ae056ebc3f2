/** Makes an empty database one of documents: a reader who sees 10,000 of them through 20 folders, a guest of 10,000 single ones. */
import { access, auth, users } from '@plinth/core';
import { system, uuidv7 } from '@plinth/kit';
import { migrateAll, readConfig } from '@plinth/kit/tools';
import pg from 'pg';
import { createApp } from '../../../../kit/src/app.ts';
import { features as store } from '../../../../store/src/features.ts';
import { documents } from './documents.ts';

const features = [...store, documents];
const config = readConfig();
const url = config.database.url!;
const { reader, guest, password, count, seen, folders } = JSON.parse(process.env.BENCH_DOCUMENTS!) as {
  reader: string;
  guest: string;
  password: string;
  count: number;
  seen: number;
  folders: number;
};

const client = new pg.Client({ connectionString: url });
await client.connect();
const { rows } = await client.query<{ role: string }>('select current_user::text as role');
await migrateAll({ ownerUrl: url, appRole: rows[0]!.role }, features, () => undefined);

const app = await createApp({ config: { ...config, secret: config.secret! }, features, databaseUrl: url });
await app.start();
const caller = system('bench', null, uuidv7());
const person = async (email: string): Promise<string> => {
  const { id } = await app.kit.db.transaction((tx) =>
    app.api(users).create(caller, tx, { email, displayName: email.split('@')[0]!, verified: true }),
  );
  await app.api(auth).setPassword(caller, id, password);
  return id;
};
const readerId = await person(reader);
const guestId = await person(guest);
await app.stop();

// Documents 1 to `seen` lie in the first folders, the others in folders of a hundred; the guest's lie anywhere among all.
const id = (prefix: string, n: string): string => `('${prefix}-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const documentId = (n: string): string => id('01990000-0000-7000-8000', n);
const folderId = (n: string): string => id('01990000-0000-7000-9000', n);
await client.query('insert into plinth.seeded default values');
await client.query(
  `insert into documents.documents
   select ${documentId('n::int')}, ${folderId(`case when n <= $2 then n % $3 else $3 + n / 100 end::int`)}, 'Document number ' || n,
          'A plain text of document ' || n || ', long enough to weigh what the first lines of a real one weigh: who wrote it, what for, and what it says.',
          timestamptz '2026-01-01 00:00:00Z' + (n::bigint * 7919 % $1) * interval '1 second'
   from generate_series(1, $1::bigint) n`,
  [count, seen, folders],
);
await client.query(`insert into access.roles (name, title) values ('reader', 'Reader')`);
await client.query(`insert into access.role_permissions (role, permission) values ('reader', 'documents:read')`);
await client.query(
  `insert into access.assignments (id, user_id, role, scope_type, scope_id)
   select gen_random_uuid(), $1, 'reader', 'folder', ${folderId('n')} from generate_series(0, $2::int - 1) n`,
  [readerId, folders],
);
await client.query(
  `insert into access.grants (id, user_id, permission, scope_type, scope_id)
   select gen_random_uuid(), $1, 'documents:read', 'document', ${documentId('n')} from generate_series(1, $2::int, $3::int) n`,
  [guestId, count, Math.max(1, count / seen)],
);
// Other people's too: whose they are must be looked for.
await client.query(
  `insert into access.grants (id, user_id, permission, scope_type, scope_id)
   select gen_random_uuid(), $1, 'documents:read', 'document', ${documentId('n')} from generate_series(1, $2::int, 10) n`,
  [readerId, count],
);
await client.query('insert into documents.shares (user_id, document_id) select user_id, scope_id from access.grants');
await client.query('vacuum (analyze)');
await client.end();
