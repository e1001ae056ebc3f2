/**
 * `POST /orders` as one writes it by hand on the store's own schema: Fastify 5, pg with named statements, fast-jwt, and between BEGIN and
 * COMMIT the statements that write what Plinth writes: the claim of the idempotency key, the reservation, the order with its lines, the
 * payment, and three facts with what of them is personal. It has no log, no limits, no permissions, no headers and no ids of requests.
 */
import { createHash, hash, randomBytes, randomInt, randomUUIDv7 } from 'node:crypto';
import Fastify, { type FastifyRequest } from 'fastify';
import { createVerifier } from 'fast-jwt';
import pg from 'pg';

declare module 'fastify' {
  interface FastifyRequest {
    userId: string;
  }
}
interface ProductRow {
  id: string;
  sku: string;
  name: string;
  price_amount: string;
  price_currency: string;
  stock: number;
  reserved: number;
}
interface OrderRow {
  id: string;
  number: string;
  state: string;
  total: string;
  currency: string;
  version: number;
  placed_at: Date;
  expires_at: Date;
  updated_at: Date;
}
interface Order {
  lines: { productId: string; quantity: number }[];
}

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 });
const app = Fastify({ logger: false });
const verifyToken = createVerifier({ key: process.env.JWT_SECRET!, algorithms: ['HS256'], allowedIss: 'bench', allowedAud: 'api' });

class Refused extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}
function authenticate(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const header = request.headers.authorization;
  if (!header?.startsWith('Bearer ')) throw new Refused(401, 'Sign in first');
  try {
    request.userId = verifyToken(header.slice(7)).sub;
  } catch {
    throw new Refused(401, 'Sign in first');
  }
  done();
}

const CLAIM = `insert into http.claims (id, caller, operation, fingerprint, expires_at) values ($1, $2, 'orders.place', $3, now() + interval '24 hours')
  on conflict (id) do nothing`;
const REPLAY = 'select fingerprint, status, body from http.claims where id = $1';
const STORE = `update http.claims set status = 201, type = 'application/json; charset=utf-8', body = $2 where id = $1`;
const USER = 'select id, status from users.users where id = $1 for share';
const PRODUCTS = `select id, sku, name, price_amount, price_currency, stock, reserved from products.products where id = any ($1::uuid[])
  order by id for no key update`;
const RESERVE = `insert into products.reservations (holder_type, holder_id, product_id, quantity)
  select 'order', $1::uuid, product, units from unnest($2::uuid[], $3::int[]) as given (product, units)`;
const ORDER = `insert into orders.orders (id, number, owner_id, currency, total, expires_at)
  values ($1, $2, $3, $4, $5, now() + interval '30 minutes')
  returning id, number, state, total, currency, version, placed_at, expires_at, updated_at`;
const LINES = `insert into orders.order_lines (order_id, position, product_id, sku, name, unit_amount, quantity)
  select $1::uuid, l."position", l."productId", l.sku, l.name, l."unitAmount", l.quantity
  from jsonb_to_recordset($2::jsonb) as l ("position" int, "productId" uuid, sku text, name text, "unitAmount" bigint, quantity int)`;
const PAYMENT = `insert into payments.payments (id, purpose_type, purpose_id, payer_id, description, provider, currency, amount, capture)
  values ($1, 'order', $2, $3, $4, 'sandbox', $5, $6, 'automatic') returning id, state, created_at`;
const PAID_BY = 'update orders.orders set payment_id = $2 where id = $1';
const FACT = `with fact as (
    insert into log.outbox (id, name, actor, session, subject_type, subject_id, operation, request_id, decision_id, outcome, payload, changes, personal_hash, channels, tags)
    values ($1, $2, $3, $4, $5, $6, 'orders.place', $7, $8, 'success', $9, $10, $11, $12, $13) returning seq)
  insert into log.personal (seq, user_id, salt, data) select seq, $3::text, $14::bytea, $15::text from fact`;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const drawNumber = (): string => {
  const drawn = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]!);
  return `${drawn.slice(0, 4).join('')}-${drawn.slice(4).join('')}`;
};

/** Who wrote it from where is kept apart, with the hash that the fact's row holds of it. */
async function publish(
  client: pg.PoolClient,
  request: FastifyRequest,
  name: string,
  subject: readonly [string, string],
  payload: object,
  more: { changes?: object; channels?: string[]; tags?: string[] } = {},
): Promise<void> {
  const data = JSON.stringify({ address: request.ip, userAgent: request.headers['user-agent'] ?? null });
  const salt = randomBytes(16);
  const personal = createHash('sha256').update(salt).update(data).digest();
  const values = [randomUUIDv7(), name, request.userId, request.userId, subject[0], subject[1], request.id, request.id, payload];
  await client.query({
    name: 'fact',
    text: FACT,
    values: [...values, more.changes ?? null, personal, more.channels ?? null, more.tags ?? null, salt, data],
  });
}

// What is counted before stock is held, where the store does.
const UNPAID = 'select orders.unpaid_of($1::uuid) as orders';
const { rows: functions } = await pool.query<{ counts: boolean }>(`select to_regprocedure('orders.unpaid_of(uuid)') is not null as counts`);
const { counts } = functions[0]!;

async function place(client: pg.PoolClient, request: FastifyRequest<{ Body: Order }>, claim: string | null): Promise<string> {
  const { userId, body } = request;
  const { rows: users } = await client.query<{ status: string }>({ name: 'user', text: USER, values: [userId] });
  if (users[0]?.status !== 'active') throw new Refused(403, 'You may not do this');
  if (counts) {
    const { rows: unpaid } = await client.query<{ orders: number }>({ name: 'unpaid', text: UNPAID, values: [userId] });
    if (Number(unpaid[0]!.orders) >= 1000) throw new Refused(409, 'Too many of your orders wait to be paid');
  }
  const wanted = new Map<string, number>();
  for (const { productId, quantity } of body.lines) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
  const { rows } = await client.query<ProductRow>({ name: 'products', text: PRODUCTS, values: [[...wanted.keys()]] });
  const found = new Map(rows.map((row) => [row.id, row]));
  const units = [...wanted].map(([productId, quantity]) => ({ productId, quantity }));
  for (const { productId, quantity } of units) {
    const product = found.get(productId);
    if (!product) throw new Refused(404, 'There is no such product');
    if (product.stock - product.reserved < quantity) throw new Refused(409, 'There is less of it');
  }
  const id = randomUUIDv7();
  const columns = [units.map(({ productId }) => productId), units.map(({ quantity }) => quantity)];
  await client.query({ name: 'reserve', text: RESERVE, values: [id, ...columns] });
  await publish(client, request, 'products.stock-reserved', ['order', id], { holder: { type: 'order', id }, lines: units }, {
    tags: units.map(({ productId }) => `product:${productId}`),
  }); // prettier-ignore
  const lines = units.map(({ productId, quantity }, position) => {
    const { sku, name, price_amount: amount } = found.get(productId)!;
    return { position, productId, sku, name, unitAmount: Number(amount), quantity };
  });
  const total = lines.reduce((sum, { unitAmount, quantity }) => sum + unitAmount * quantity, 0);
  const currency = rows[0]!.price_currency;
  if (rows.some((row) => row.price_currency !== currency)) throw new Refused(422, 'The products must have prices in one currency');
  const { rows: orders } = await client.query<OrderRow>({
    name: 'order',
    text: ORDER,
    values: [id, drawNumber(), userId, currency, total],
  });
  const order = orders[0]!;
  await client.query({ name: 'lines', text: LINES, values: [id, JSON.stringify(lines)] });
  const { number, state, version } = order;
  await publish(client, request, 'orders.placed', ['order', id], { orderId: id, number, userId, state, total, currency, version }, {
    changes: { state: { after: state }, refunded: { after: 0 }, fulfilledAt: { after: null } },
    channels: [`user:${userId}`],
  }); // prettier-ignore
  const paymentId = randomUUIDv7();
  const payment = [paymentId, id, userId, `Order ${number}`, currency, total];
  const { rows: payments } = await client.query<{ state: string }>({ name: 'payment', text: PAYMENT, values: payment });
  await publish(client, request, 'payments.created', ['payment', paymentId], {
    paymentId, purpose: { type: 'order', id }, payer: userId, provider: 'sandbox', amount: total, currency, state: payments[0]!.state,
  }, { channels: [`user:${userId}`] }); // prettier-ignore
  await client.query({ name: 'paid-by', text: PAID_BY, values: [id, paymentId] });
  const answer = JSON.stringify({
    success: true,
    data: {
      id,
      number,
      userId,
      state,
      lines: lines.map(({ productId, sku, name, unitAmount, quantity }) => ({ productId, sku, name, price: { amount: unitAmount, currency }, quantity })),
      total: { amount: total, currency },
      paymentId,
      refunded: 0,
      version,
      placedAt: order.placed_at.toISOString(),
      expiresAt: order.expires_at.toISOString(),
      paidAt: null,
      fulfilledAt: null,
      updatedAt: order.updated_at.toISOString(),
    },
    meta: { timestamp: new Date().toISOString() },
  }); // prettier-ignore
  if (claim !== null) await client.query({ name: 'store', text: STORE, values: [claim, answer] });
  return answer;
}

app.decorateRequest('userId', '');
app.get('/health', async () => ({ status: 'ok' }));
app.post<{ Body: Order }>(
  '/api/v1/orders',
  {
    onRequest: authenticate,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['lines'],
        properties: {
          lines: {
            type: 'array',
            minItems: 1,
            maxItems: 100,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['productId', 'quantity'],
              properties: {
                productId: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
                quantity: { type: 'integer', minimum: 1, maximum: 10_000 },
              },
            },
          },
        },
      },
    },
  },
  async (request, reply) => {
    const key = request.headers['idempotency-key'] as string | undefined;
    const claim = key === undefined ? null : hash('sha256', `${request.userId} POST ${request.url} ${key}`, 'base64url');
    const fingerprint = claim === null ? '' : hash('sha256', JSON.stringify(request.body), 'base64url');
    const client = await pool.connect();
    try {
      await client.query('begin');
      if (claim !== null) {
        const { rowCount } = await client.query({ name: 'claim', text: CLAIM, values: [claim, request.userId, fingerprint] });
        if (rowCount === 0) {
          const { rows } = await client.query<{ fingerprint: string; status: number; body: string }>({
            name: 'replay',
            text: REPLAY,
            values: [claim],
          });
          await client.query('commit');
          if (rows[0]!.fingerprint !== fingerprint) throw new Refused(422, 'This idempotency key was used for another request');
          return reply.code(rows[0]!.status).type('application/json; charset=utf-8').send(rows[0]!.body);
        }
      }
      const answer = await place(client, request, claim);
      await client.query('commit');
      return reply.code(201).type('application/json; charset=utf-8').send(answer);
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
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
