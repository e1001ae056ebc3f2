import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSigner } from 'fast-jwt';
import pg from 'pg';
import { SEED } from './data.ts';
import type { Database, Paths, ServerDefinition } from './definition.ts';

const run = promisify(execFile);
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const requireHere = createRequire(import.meta.url);
/** The file of a package's command: `prisma` → …/prisma/build/index.js. */
async function binary(name: string, packageName = name): Promise<string> {
  const manifest = requireHere.resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: string | Record<string, string> };
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]!);
}

const SECRET = randomBytes(32).toString('base64url');
const PASSWORD = randomBytes(12).toString('base64url');
/** A member's token as one of these servers would have signed it. */
const token = async (): Promise<string> =>
  createSigner({ key: SECRET, algorithm: 'HS256', iss: 'bench', aud: 'api', expiresIn: 6 * 3600 * 1000 })({
    sub: '01990000-0000-7000-8000-0000000000aa',
    email: 'member@example.com',
    roles: ['member'],
  });

const PATHS: Paths = {
  read: '/api/v1/products/{id}',
  list: '/api/v1/products?category={category}&page=1&limit=20',
  create: '/api/v1/products',
  signIn: '/api/v1/sign-in',
  openSession: '/api/v1/sessions',
  refresh: '/api/v1/refresh',
};

/** The store's product table, with the constraints and indexes it has there: a row costs every Postgres the same. */
async function productTable(): Promise<string> {
  const folder = at('../../store/src/features/products/migrations');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const sql = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return sql.join('\n').replaceAll('products.products', 'public.products');
}

async function prepare(database: Database): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(await productTable());
    await client.query(await readFile(at('schema.sql'), 'utf8'));
    await client.query(SEED);
    await client.query('vacuum (analyze) products');
  } finally {
    await client.end();
  }
}
const environment = (database: Database): Record<string, string> => ({ DATABASE_URL: database.url, JWT_SECRET: SECRET });

/** Fastify + pg + fast-jwt by hand. Each name is a process and a database of its own; two of the same are the A/A control. */
export const bare = (
  name: string,
  title: string,
  { replays = false, ...paths }: Partial<Paths & { replays: boolean }> = {},
): ServerDefinition => ({
  name,
  title,
  prepare,
  token,
  replays,
  launch: (database) => ({ command: [at('servers/bare.ts')], env: { ...environment(database), PASSWORD } }),
  ready: '/health',
  paths: { ...PATHS, ...paths },
  accounts: async () => [{ email: 'member@example.com', password: PASSWORD }],
});

export const express: ServerDefinition = {
  name: 'express-prisma',
  title: 'Express 5 + jsonwebtoken + Prisma',
  prepare,
  token,
  replays: false,
  async build() {
    await run(process.execPath, [await binary('prisma'), 'generate', '--schema', at('servers/express/prisma/schema.prisma')], {
      cwd: at('..'),
      timeout: 120_000,
      // `generate` needs no schema engine, yet the command line downloads one unless it is told where one is.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    });
  },
  launch: (database) => ({ command: [at('servers/express/server.ts')], env: environment(database) }),
  ready: '/health',
  paths: PATHS,
};

export const nest: ServerDefinition = {
  name: 'nest-typeorm',
  title: 'NestJS + TypeORM',
  prepare,
  token,
  replays: false,
  async build() {
    await run(process.execPath, [await binary('tsc', 'typescript'), '-p', at('servers/nest/tsconfig.json')], {
      cwd: at('..'),
      timeout: 120_000,
    });
  },
  launch: (database) => ({
    command: [at('servers/nest/dist/main.js')],
    env: {
      ...environment(database),
      DATABASE_HOST: database.host,
      DATABASE_PORT: String(database.port),
      DATABASE_USER: database.user,
      DATABASE_PASSWORD: database.password,
      DATABASE_NAME: database.name,
    },
  }),
  ready: '/health',
  paths: PATHS,
};
