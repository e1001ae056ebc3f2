import { randomBytes } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import pg from 'pg';
import type { Database, Launch, ServerDefinition } from './definition.ts';
import { at, people, plinth, prepare as preparePlinth, signIn } from './plinth.ts';

/** So many that none is held back by how many orders one person may have unpaid, or place in a minute. */
const BUYERS = people(120);
/** More than a run can sell. */
const STOCK = 1_000_000_000;
const JWT_SECRET = randomBytes(32).toString('base64url');
/** Of the sandbox, of which nobody is asked anything: an order is placed, and not paid. */
const PAYMENTS = {
  PAYMENT_PROVIDERS: 'sandbox',
  SANDBOX_IN_PRODUCTION: '1',
  SANDBOX_URL: 'http://127.0.0.1:9',
  SANDBOX_KEY: randomBytes(16).toString('hex'),
  SANDBOX_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
  ORDERS_UNPAID_AT_MOST: '1000',
};
const paths = { ...plinth[0]!.paths, order: '/api/v1/orders' };

async function query<T extends pg.QueryResultRow>(database: Database, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}
/** The store's own schema for all of them, with all its triggers, constraints and indexes. */
async function prepare(database: Database): Promise<void> {
  await preparePlinth(database, BUYERS, 'member');
  await query(database, `update products.products set stock = ${STOCK}`);
  await query(database, 'vacuum (full, analyze) products.products');
}

const tokensOf = async (database: Database): Promise<string[]> => {
  const users = await query<{ id: string }>(database, `select id from users.users where email like 'member-%'`);
  const sign = createSigner({ key: JWT_SECRET, algorithm: 'HS256', iss: 'bench', aud: 'api', expiresIn: 6 * 3600 * 1000 });
  return users.map(({ id }) => sign({ sub: id }));
};

/** The statements of `POST /orders` by hand, one after the other in one transaction, as one writes them. */
const byHand = (name: string, title: string): ServerDefinition => ({
  name,
  title,
  prepare,
  replays: true,
  ready: '/health',
  paths,
  launch: (database) => ({ command: [at('servers/by-hand-orders.ts')], env: { DATABASE_URL: database.url, JWT_SECRET } }),
  token: async (_origin, database) => (await tokensOf(database))[0]!,
  tokens: (_origin, database) => tokensOf(database),
});
const paying = (launch: Launch): Launch => ({
  ...launch,
  command: [`--import=${at('servers/plinth/unlimited.ts')}`, ...launch.command],
  env: { ...launch.env, ...PAYMENTS },
  ...(launch.beside && { beside: paying(launch.beside) }),
});

export const orderServers: readonly ServerDefinition[] = [
  byHand('orders-by-hand', 'the same statements by hand: Fastify + pg, one transaction'),
  byHand('orders-by-hand-again', 'by hand again (A/A control)'),
  ...plinth.map((definition) => ({
    ...definition,
    name: `${definition.name}-orders`,
    prepare,
    paths,
    async tokens(origin: string) {
      const tokens: string[] = [];
      for (const { email } of BUYERS) tokens.push(await signIn(origin, email));
      return tokens;
    },
    launch: (database: Database, port: number) => paying(definition.launch(database, port)),
  })),
];
