import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenApiDocument } from './openapi.ts';
import { page } from './security.ts';

const require = createRequire(import.meta.url);
const { version } = require('swagger-ui-dist/package.json') as { version: string };
/** Of what swagger-ui-dist brings, all that is served. */
const VENDORED = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
]);

/** Scripts of this server only. Swagger UI sets style attributes and draws its icons from data: URLs. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SCRIPT = `'use strict';
addEventListener('DOMContentLoaded', () => {
  SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#reference',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    validatorUrl: null, // nothing of this page leaves for another server
    persistAuthorization: false, // a token does not outlive the page
    presets: [SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
  });
});
`;
const STYLE = `:root { color-scheme: light; }
body { margin: 0; background: #fff; font-family: ui-sans-serif, system-ui, sans-serif; }
.bar { display: flex; align-items: center; gap: 1rem; padding: .75rem 1.25rem; background: #0f172a; color: #fff; }
.bar strong { font-size: 1rem; font-weight: 600; }
.bar a { margin-left: auto; color: #cbd5e1; font-size: .875rem; }
noscript p { padding: 2rem; }
.swagger-ui .wrapper { max-width: 1200px; padding: 0 1.25rem; }
.swagger-ui .info { margin: 1.5rem 0; }
.swagger-ui .scheme-container { padding: 1rem 0; box-shadow: none; border-block: 1px solid #e2e8f0; }
.swagger-ui .scheme-container .servers-title, .swagger-ui .scheme-container .servers { display: none; } /* there is one: this */
.swagger-ui .opblock .opblock-summary-path { max-width: none; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 .75rem; }
  .swagger-ui .info .title { font-size: 1.5rem; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; padding: .5rem; }
  .swagger-ui .opblock .opblock-summary-control { flex-wrap: wrap; row-gap: .25rem; min-width: 0; }
  .swagger-ui .opblock .opblock-summary-method { min-width: 4.5rem; padding: .35rem 0; font-size: .75rem; }
  .swagger-ui .opblock .opblock-summary-path { font-size: .8125rem; padding: 0 .5rem; word-break: break-word; flex: 1 1 0; min-width: 0; }
  .swagger-ui .opblock .opblock-summary-path-description-wrapper { flex: 1 1 100%; flex-direction: row; flex-wrap: wrap; gap: .25rem 0; padding: 0; min-width: 0; }
  .swagger-ui .opblock .opblock-summary-description { flex: 1 1 100%; padding: 0 .5rem; font-size: .8125rem; }
  .swagger-ui .opblock .opblock-section-header { flex-wrap: wrap; }
  .swagger-ui .opblock-tag small { display: none; }
  .swagger-ui .filter-container .operation-filter-input { width: 100%; box-sizing: border-box; }
  .swagger-ui .filter-container > .wrapper > *, .swagger-ui .filter { width: 100%; }
  .swagger-ui table, .swagger-ui .responses-inner { display: block; max-width: 100%; overflow-x: auto; }
  .swagger-ui .parameters-col_description input, .swagger-ui .parameters-col_description textarea { max-width: 100%; min-width: 0; width: 100%; }
  .swagger-ui .auth-wrapper .authorize { margin-right: 0; }
  .swagger-ui .dialog-ux .modal-ux { min-width: 0; width: 94vw; max-width: 94vw; }
}
`;
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const html = (title: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api-docs/swagger-ui.css?v=${version}">
<link rel="stylesheet" href="/api-docs/page.css">
<script src="/api-docs/swagger-ui-bundle.js?v=${version}" defer></script>
<script src="/api-docs/page.js" defer></script>
</head>
<body>
<header class="bar"><strong>${escapeHtml(title)}</strong><a href="/openapi.json">openapi.json</a></header>
<main id="reference"></main>
<noscript><p>This page needs JavaScript. The same is in <a href="/openapi.json">openapi.json</a>.</p></noscript>
</body>
</html>
`;

const compressed = promisify(gzip);
/** One text, held once it was asked for: plain and compressed. */
interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
}
async function assetOf(content: Buffer, type: string): Promise<Asset> {
  return {
    type,
    etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    plain: content,
    gzip: await compressed(content),
  };
}

/** @param maxAge seconds a browser may keep it without asking; 0 asks each time, by ETag. */
function send(request: FastifyRequest, reply: FastifyReply, asset: Asset, maxAge: number): FastifyReply {
  reply
    .header('cache-control', maxAge > 0 ? `public, max-age=${maxAge}, immutable` : 'no-cache')
    .header('etag', asset.etag)
    .header('vary', 'Accept-Encoding, Origin');
  if (request.headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === asset.etag))
    return reply.code(304).send();
  reply.header('content-type', asset.type);
  const zipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers['accept-encoding'] ?? '');
  return zipped ? reply.header('content-encoding', 'gzip').send(asset.gzip) : reply.send(asset.plain);
}

const YEAR = 31_536_000;

/** `GET /openapi.json` and the reference page `GET /api-docs`, in a scope of its own with a page's headers. Nothing is read before it is asked for. */
export async function registerDocs(fastify: FastifyInstance, describe: () => OpenApiDocument, title = 'Plinth API'): Promise<void> {
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  const held = new Map<string, Promise<Asset>>();
  const once = (name: string, make: () => Promise<Asset>): Promise<Asset> => {
    let asset = held.get(name);
    if (!asset) {
      held.set(name, (asset = make()));
      asset.catch(() => held.delete(name));
    }
    return asset;
  };
  const own = (name: string, content: () => string, type: string): Promise<Asset> =>
    once(name, () => assetOf(Buffer.from(content()), type));

  fastify.get('/openapi.json', async (request, reply) =>
    send(request, reply, await own('openapi.json', () => JSON.stringify(describe()), 'application/json; charset=utf-8'), 0),
  );
  await fastify.register(async (scope) => {
    page(scope, POLICY);
    scope.get('/api-docs', async (request, reply) =>
      send(request, reply, await own('page', () => html(title), 'text/html; charset=utf-8'), 0),
    );
    scope.get('/api-docs/', (_request, reply) => reply.redirect('/api-docs', 308));
    scope.get('/api-docs/page.js', async (request, reply) =>
      send(request, reply, await own('page.js', () => SCRIPT, 'text/javascript; charset=utf-8'), 0),
    );
    scope.get('/api-docs/page.css', async (request, reply) =>
      send(request, reply, await own('page.css', () => STYLE, 'text/css; charset=utf-8'), 0),
    );
    for (const [name, type] of VENDORED) {
      scope.get(`/api-docs/${name}`, async (request, reply) =>
        send(request, reply, await once(name, async () => assetOf(await readFile(join(folder, name)), type)), YEAR),
      );
    }
  });
}
