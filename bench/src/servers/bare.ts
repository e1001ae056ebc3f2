/**
 * What "bare" means: Fastify 5, pg with named statements on a pool of 10, fast-jwt checking each token, the same
 * envelope, and handlers written by hand. No logging, no limits, no headers, no ids, no audit.
 */
import { availableParallelism } from 'node:os';
import { hash as fingerprintOf, randomBytes, randomUUIDv7 } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import Fastify, { type FastifyRequest } from 'fastify';
import { createVerifier } from 'fast-jwt';
import pg from 'pg';

interface ProductRow {
  id: string;
  sku: string;
  name: string;
  description: string;
  category: string;
  price_amount: string;
  price_currency: string;
  stock: number;
  version: number;
  created_at: Date;
  updated_at: Date;
}
interface NewProduct {
  sku: string;
  name: string;
  description: string;
  category: string;
  price: { amount: number; currency: string };
  stock: number;
}
declare module 'fastify' {
  interface FastifyRequest {
    userId: string;
  }
}

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 });
const app = Fastify({ logger: false });

const product = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    sku: { type: 'string' },
    name: { type: 'string' },
    description: { type: 'string' },
    category: { type: 'string' },
    price: { type: 'object', properties: { amount: { type: 'integer' }, currency: { type: 'string' } } },
    stock: { type: 'integer' },
    version: { type: 'integer' },
    createdAt: { type: 'string' },
    updatedAt: { type: 'string' },
  },
};
const pagination = {
  type: 'object',
  properties: {
    page: { type: 'integer' },
    limit: { type: 'integer' },
    total: { type: 'integer' },
    totalPages: { type: 'integer' },
    hasMore: { type: 'boolean' },
  },
};
const envelope = (data: object, meta: object = {}) => ({
  type: 'object',
  properties: { success: { type: 'boolean' }, data, meta: { type: 'object', properties: { timestamp: { type: 'string' }, ...meta } } },
});
const newProduct = {
  type: 'object',
  additionalProperties: false,
  required: ['sku', 'name', 'description', 'category', 'price', 'stock'],
  properties: {
    sku: { type: 'string', minLength: 1, maxLength: 64 },
    name: { type: 'string', minLength: 1, maxLength: 200 },
    description: { type: 'string', maxLength: 5000 },
    category: { type: 'string', minLength: 1, maxLength: 64 },
    price: {
      type: 'object',
      additionalProperties: false,
      required: ['amount', 'currency'],
      properties: { amount: { type: 'integer', minimum: 0 }, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
    },
    stock: { type: 'integer', minimum: 0 },
  },
};

const verifyToken = createVerifier({ key: process.env.JWT_SECRET!, algorithms: ['HS256'], allowedIss: 'bench', allowedAud: 'api' });
class Refused extends Error {
  readonly statusCode = 401;
}
function authenticate(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const header = request.headers.authorization;
  if (!header?.startsWith('Bearer ')) throw new Refused('Sign in first');
  try {
    request.userId = verifyToken(header.slice(7)).sub;
  } catch {
    throw new Refused('Sign in first');
  }
  done();
}

const COLUMNS = 'id, sku, name, description, category, price_amount, price_currency, stock, version, created_at, updated_at';
const READ = `select ${COLUMNS} from products where id = $1`;
const LIST = `select ${COLUMNS}, (select count(*)::int from products where category = $1) as total
  from products where category = $1 order by created_at desc, id desc limit $2 offset $3`;
const INSERT = `insert into products (id, sku, name, description, category, price_amount, price_currency, stock)
  values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`;
const FACT = `insert into log.outbox (id, name, actor, session, subject, operation, request_id, outcome, payload, changes)
  values ($1, 'products.created', $2, $3, $4, 'products.create', $5, 'success', $6, $7)`;
const CLAIM = `insert into log.claims (caller, method, path, key, fingerprint, status, body) values ($1, 'POST', $2, $3, $4, 201, $5)`;
const REPLAY = `select fingerprint, body from log.claims where caller = $1 and method = 'POST' and path = $2 and key = $3`;

const productOf = (row: ProductRow) => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  description: row.description,
  category: row.category,
  price: { amount: Number(row.price_amount), currency: row.price_currency },
  stock: row.stock,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
const success = (data: unknown) => ({ success: true, data, meta: { timestamp: new Date().toISOString() } });
const insertValues = (id: string, body: NewProduct): unknown[] => [
  id,
  body.sku,
  body.name,
  body.description,
  body.category,
  body.price.amount,
  body.price.currency,
  body.stock,
];

app.decorateRequest('userId', '');
app.get('/health', async () => ({ status: 'ok' }));

app.get<{ Params: { id: string } }>(
  '/api/v1/products/:id',
  {
    onRequest: authenticate,
    schema: {
      params: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' } },
      },
      response: { 200: envelope(product) },
    },
  },
  async (request, reply) => {
    const {
      rows: [row],
    } = await pool.query<ProductRow>({ name: 'read', text: READ, values: [request.params.id] });
    if (!row) return reply.code(404).send({ success: false, error: { code: 'NOT_FOUND', message: 'There is nothing here' } });
    return success(productOf(row));
  },
);

app.get<{ Querystring: { category: string; page: number; limit: number } }>(
  '/api/v1/products',
  {
    onRequest: authenticate,
    schema: {
      querystring: {
        type: 'object',
        required: ['category'],
        properties: {
          category: { type: 'string' },
          page: { type: 'integer', minimum: 1, default: 1 },
          limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        },
      },
      response: { 200: envelope({ type: 'array', items: product }, { pagination }) },
    },
  },
  async (request) => {
    const { category, page, limit } = request.query;
    const { rows } = await pool.query<ProductRow & { total: number }>({
      name: 'list',
      text: LIST,
      values: [category, limit, (page - 1) * limit],
    });
    const total = rows[0]?.total ?? 0,
      totalPages = Math.ceil(total / limit);
    return {
      success: true,
      data: rows.map(productOf),
      meta: { timestamp: new Date().toISOString(), pagination: { page, limit, total, totalPages, hasMore: page < totalPages } },
    };
  },
);

/** One INSERT, one commit: the least that a create can cost. */
app.post<{ Body: NewProduct }>(
  '/api/v1/products',
  { onRequest: authenticate, schema: { body: newProduct, response: { 201: envelope(product) } } },
  async (request, reply) => {
    const { rows } = await pool.query<ProductRow>({ name: 'insert', text: INSERT, values: insertValues(randomUUIDv7(), request.body) });
    reply.code(201);
    return success(productOf(rows[0]!));
  },
);

/** The rows that Plinth writes, by hand in one transaction: product and fact, and with a key the record of the reply. */
app.post<{ Body: NewProduct }>(
  '/api/v1/by-hand/products',
  { onRequest: authenticate, schema: { body: newProduct } },
  async (request, reply) => {
    const { body, userId, url } = request,
      key = request.headers['idempotency-key'] as string | undefined;
    const fingerprint = key === undefined ? '' : fingerprintOf('sha256', JSON.stringify(body), 'base64url');
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<ProductRow>({ name: 'insert', text: INSERT, values: insertValues(randomUUIDv7(), body) });
      const created = productOf(rows[0]!),
        id = created.id;
      await client.query({
        name: 'fact',
        text: FACT,
        values: [randomUUIDv7(), userId, userId, ['product', id], request.id, { productId: id }, { after: created }],
      });
      const answer = JSON.stringify(success(created));
      if (key !== undefined) await client.query({ name: 'claim', text: CLAIM, values: [userId, url, key, fingerprint, answer] });
      await client.query('commit');
      client.release();
      return reply.code(201).type('application/json; charset=utf-8').send(answer);
    } catch (error) {
      await client.query('rollback');
      client.release();
      if (key === undefined || (error as { code?: string }).code !== '23505') throw error;
      const {
        rows: [first],
      } = await pool.query<{ fingerprint: string; body: string }>({ name: 'replay', text: REPLAY, values: [userId, url, key] });
      if (!first) throw error;
      if (first.fingerprint !== fingerprint)
        return reply.code(422).send({
          success: false,
          error: { code: 'IDEMPOTENCY_KEY_REUSED', message: 'This idempotency key was used for another request' },
        });
      return reply.code(201).type('application/json; charset=utf-8').send(first.body);
    }
  },
);

/** The hashing library and nothing else; cores − 1 at a time, as Plinth bounds it. */
const known =
  process.env.PASSWORD === undefined ? '' : await hash(process.env.PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const waiting: (() => void)[] = [];
let free = Math.max(1, availableParallelism() - 1);
async function bounded<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}
app.post<{ Body: { email: string; password: string } }>('/api/v1/sign-in', async (request, reply) => {
  if (!(await bounded(() => verify(known, request.body.password)))) return reply.code(401).send({ success: false });
  return success({ email: request.body.email });
});

/** Refresh tokens are the session's id and a secret, of which the row keeps the hash. */
const OPEN = 'insert into sessions (id, token_hash) values ($1, $2)';
const ROTATE = `update sessions set token_hash = $3, last_used_at = now(), expires_at = now() + interval '7 days'
  where id = $1 and token_hash = $2 and expires_at > now() returning id`;
const hashed = (secret: string): Buffer => fingerprintOf('sha256', secret, 'buffer');
const newSecret = (): string => randomBytes(32).toString('base64url');
const refreshed = envelope({ type: 'object', properties: { sessionId: { type: 'string' }, refreshToken: { type: 'string' } } });
const presented = {
  type: 'object',
  required: ['refreshToken'],
  properties: { refreshToken: { type: 'string', pattern: '^[0-9a-f-]{36}\\.[\\w-]{43}$' } },
};

app.post('/api/v1/sessions', async () => {
  const [id, secret] = [randomUUIDv7(), newSecret()];
  await pool.query({ name: 'open', text: OPEN, values: [id, hashed(secret)] });
  return success({ sessionId: id, refreshToken: `${id}.${secret}` });
});
/** One compare-and-set: the least that a refresh can cost. It makes no access token. */
app.post<{ Body: { refreshToken: string } }>(
  '/api/v1/refresh',
  { schema: { body: presented, response: { 200: refreshed } } },
  async (request, reply) => {
    const [id, old] = request.body.refreshToken.split('.') as [string, string];
    const secret = newSecret();
    const { rowCount } = await pool.query({ name: 'rotate', text: ROTATE, values: [id, hashed(old), hashed(secret)] });
    if (rowCount !== 1) return reply.code(401).send({ success: false });
    return success({ sessionId: id, refreshToken: `${id}.${secret}` });
  },
);

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
process.on(
  'SIGTERM',
  () =>
    void app
      .close()
      .then(() => pool.end())
      .then(() => process.exit(0)),
);
