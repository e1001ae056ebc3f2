import { gunzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { registerDocs } from './docs.ts';
import type { OpenApiDocument } from './openapi.ts';

const document = { openapi: '3.1.0', info: { title: 'A <b>&"API"', version: '1' }, paths: {} } as unknown as OpenApiDocument;
async function server() {
  const fastify = Fastify();
  await registerDocs(fastify, () => document, 'A <b>&"API"');
  return (url: string, headers: Record<string, string> = {}) => fastify.inject({ url, headers });
}

test('/openapi.json is the document, and asked for again it costs nothing', async () => {
  const get = await server();
  const reply = await get('/openapi.json');
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(reply.json()).toEqual(document);
  const again = await get('/openapi.json', { 'if-none-match': String(reply.headers['etag']) });
  expect(again.statusCode).toBe(304);
  expect(again.body).toBe('');
});

test('the page runs scripts of this server only, and none inline', async () => {
  const get = await server();
  const reply = await get('/api-docs');
  expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
  const policy = String(reply.headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
  expect(reply.body).toContain('A &#60;b&#62;&#38;&#34;API&#34;');
  expect(reply.body).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|https?:\/\//);
  const sources = [...reply.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, source]) => source!);
  expect(sources.length).toBeGreaterThanOrEqual(5);
  for (const source of sources) expect((await get(source)).statusCode, source).toBe(200);
  expect((await get('/api-docs/')).headers['location']).toBe('/api-docs');
});

test('of what is installed only the needed files are served, compressed and kept', async () => {
  const get = await server();
  const reply = await get('/api-docs/swagger-ui-bundle.js', { 'accept-encoding': 'br, gzip' });
  expect(reply.headers).toMatchObject({
    'content-encoding': 'gzip',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
  });
  expect(gunzipSync(reply.rawPayload).toString()).toBe(
    (await get('/api-docs/swagger-ui-bundle.js', { 'accept-encoding': 'gzip;q=0' })).body,
  );
  for (const path of [
    'package.json',
    'index.html',
    'swagger-ui-bundle.js.map',
    '../package.json',
    '%2e%2e/package.json',
    'swagger-initializer.js',
  ])
    expect((await get(`/api-docs/${path}`)).statusCode, path).toBe(404);
});

test('B119: a header of nothing but blanks costs nothing', async () => {
  const get = await server();
  await get('/openapi.json');
  const started = performance.now();
  for (let i = 0; i < 5; i++) expect((await get('/openapi.json', { 'if-none-match': `a${' '.repeat(16_000)}b` })).statusCode).toBe(200);
  expect(performance.now() - started).toBeLessThan(250);
  const { etag } = (await get('/openapi.json')).headers;
  for (const tags of [`"x",W/${String(etag)}`, `"x" ,  ${String(etag)} , "y"`])
    expect((await get('/openapi.json', { 'if-none-match': tags })).statusCode).toBe(304);
});
