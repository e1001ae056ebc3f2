import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import Fastify from 'fastify';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { registerWebApp } from './web-app.ts';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

const SCRIPT = 'console.info("a script");\n'.repeat(100);
async function built(folder: string): Promise<void> {
  await mkdir(join(folder, 'assets'));
  await writeFile(
    join(folder, 'index.html'),
    '<meta name="csp-nonce" content="CSP_NONCE"><script type="module" src="/app/assets/a-1.js"></script>',
  );
  await writeFile(join(folder, 'assets/a-1.js'), SCRIPT);
  await writeFile(join(folder, 'secret.txt'), 'not served');
}
async function server(prepare: (folder: string) => Promise<void>, frames = false) {
  const folder = await mkdtemp(join(tmpdir(), 'web-app-'));
  folders.push(folder);
  let prepared = 0;
  const fastify = Fastify();
  const app = { at: '/app', folder, prepare: () => (prepared++, prepare(folder)) };
  await registerWebApp(fastify, app, pino({ level: 'silent' }), { frames });
  return { get: (url: string, headers: Record<string, string> = {}) => fastify.inject({ url, headers }), prepared: () => prepared };
}

test('nothing is built before it is asked for, and then once', async () => {
  const { get, prepared } = await server(built);
  expect(prepared()).toBe(0);
  await Promise.all([get('/app'), get('/app/users'), get('/app/assets/a-1.js')]);
  expect(prepared()).toBe(1);
});

test('every address is the page, which runs scripts of this server only, and styles with the nonce of this reply', async () => {
  const { get } = await server(built);
  const nonces = new Set<string>();
  for (const url of ['/app', '/app/', '/app/users/0199?status=active']) {
    const reply = await get(url);
    expect(reply.statusCode, url).toBe(200);
    expect(reply.headers['cache-control']).toBe('no-store');
    const policy = String(reply.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; ");
    expect(policy).not.toMatch(/unsafe|https?:|\*|frame-src/);
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    expect(reply.body).toContain(`content="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test('frames of this server are let in where a page has use for them', async () => {
  const { get } = await server(built, true);
  expect((await get('/app')).headers['content-security-policy']).toContain("frame-src 'self'; ");
});

test('an asset is kept for a year, small where the browser takes it so; nothing else of the folder is served', async () => {
  const { get } = await server(built);
  const plain = await get('/app/assets/a-1.js');
  expect([plain.body, plain.headers['content-type'], plain.headers['cache-control']]).toEqual([
    SCRIPT,
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
  const small = await get('/app/assets/a-1.js', { 'accept-encoding': 'gzip, br' });
  expect(small.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(small.rawPayload).toString()).toBe(SCRIPT);
  expect((await get('/app/assets/b-2.js')).statusCode).toBe(404);
  expect((await get('/app/assets/../secret.txt')).body).not.toContain('not served');
  expect((await get('/app/secret.txt')).body).not.toContain('not served');
});

test('while it is built the page says so and comes back by itself; where that fails it says where to look, and is tried again', async () => {
  let finish: (() => void) | undefined;
  const slow = await server(async (folder) => {
    await new Promise<void>((resolve) => (finish = resolve));
    await built(folder);
  });
  const waiting = await slow.get('/app');
  expect([waiting.statusCode, waiting.headers['retry-after']]).toEqual([503, '1']);
  expect(waiting.body).toContain('http-equiv="refresh"');
  finish!();
  await expect.poll(async () => (await slow.get('/app')).statusCode).toBe(200);
  expect(slow.prepared()).toBe(1);

  let broken = true;
  const failing = await server(async (folder) => {
    if (broken) throw new Error('no');
    await built(folder);
  });
  expect((await failing.get('/app')).body).toContain('could not be built');
  broken = false;
  await expect.poll(async () => (await failing.get('/app')).statusCode, { timeout: 8000 }).toBe(200);
});
