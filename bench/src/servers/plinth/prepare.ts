/** Makes an empty database one that Plinth serves: migrated, with people who can sign in, and the products of the bench. */
import { access, auth, users } from '@plinth/core';
import { system, uuidv7 } from '@plinth/kit';
import { migrateAll, readConfig } from '@plinth/kit/tools';
import pg from 'pg';
import { createApp } from '../../../../kit/src/app.ts';
import { features } from '../../../../store/src/features.ts';
import { SELECT_PRODUCTS } from '../../data.ts';

const config = readConfig();
const url = config.database.url!;
const { admin, members, password, role } = JSON.parse(process.env.BENCH_ACCOUNTS!) as {
  admin: string;
  members: string[];
  password: string;
  role: string | null;
};

const client = new pg.Client({ connectionString: url });
await client.connect();
const { rows } = await client.query<{ role: string }>('select current_user::text as role');
await migrateAll({ ownerUrl: url, appRole: rows[0]!.role }, features, () => undefined);

const app = await createApp({ config: { ...config, secret: config.secret! }, features, databaseUrl: url });
await app.start();
const caller = system('bench', null, uuidv7());
for (const email of [admin, ...members]) {
  const { id } = await app.kit.db.transaction(async (tx) => {
    const user = await app.api(users).create(caller, tx, { email, displayName: email.split('@')[0]!, verified: true });
    const held = email === admin ? 'admin' : role;
    if (held !== null) await app.api(access).assign(caller, tx, { userId: user.id, role: held });
    return user;
  });
  await app.api(auth).setPassword(caller, id, password);
}
await app.stop();

await client.query('insert into plinth.seeded default values'); // no demonstration catalogue
await client.query(
  `insert into products.products (id, sku, name, description, category, price_amount, price_currency, stock, version, created_at, updated_at) ${SELECT_PRODUCTS}`,
);
await client.query('vacuum (analyze)');
await client.end();
