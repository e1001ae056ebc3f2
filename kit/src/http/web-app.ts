import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { page } from './security.ts';

/** A web app of one's own, built to files: a page, and assets whose names change with what is in them. */
export interface WebApp {
  /** The address below which it lives: `/console`. Each below it that is no file is its page. */
  readonly at: string;
  /** Where `index.html` and `assets/` are, once `prepare` is done. */
  readonly folder: string;
  /** Builds what is not built yet. Called when somebody opens the app for the first time. */
  prepare(): Promise<void>;
}
interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly small: Buffer | null;
}
interface Built {
  readonly html: string;
  readonly assets: ReadonlyMap<string, Asset>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const NONCE = 'CSP_NONCE';
/** Scripts and styles from this server only; none inline, but style elements that libraries make with the nonce of this very reply. */
const policyOf = (nonce: string, frames: boolean): string =>
  `default-src 'none';${frames ? " frame-src 'self';" : ''} script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
const YEAR = 31_536_000;
const compressed = promisify(brotliCompress);

async function read(folder: string): Promise<Built> {
  const entries = await readdir(join(folder, 'assets'), { withFileTypes: true, recursive: true });
  const assets = entries
    .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const plain = await readFile(path);
      const type = TYPES[extname(entry.name)]!;
      const small = /^(text|image\/svg)/.test(type)
        ? await compressed(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } })
        : null;
      return [relative(folder, path).split(sep).join('/'), { type, plain, small }] as const;
    });
  return { html: await readFile(join(folder, 'index.html'), 'utf8'), assets: new Map(await Promise.all(assets)) };
}

const message = (title: string, text: string, refresh: boolean): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">${refresh ? '<meta http-equiv="refresh" content="1">' : ''}<title>${title}</title><link rel="icon" href="data:,"></head>
<body><p>${text}</p></body></html>
`;

/**
 * Serves a web app with a page's policy. Nothing of it is read, built, or held in memory before it is asked for.
 * @param frames whether its pages may hold frames of this server.
 */
export async function registerWebApp(
  fastify: FastifyInstance,
  app: WebApp,
  logger: Logger,
  { frames = false }: { readonly frames?: boolean } = {},
): Promise<void> {
  let built: Built | undefined;
  let preparing: Promise<void> | undefined;
  let failed = false;
  const prepare = (): Promise<void> =>
    (preparing ??= (async () => {
      try {
        await app.prepare();
        built = await read(app.folder);
        failed = false;
      } catch (error) {
        failed = true;
        logger.error({ err: error, app: app.at }, 'a web app could not be built');
        setTimeout(() => (preparing = undefined), 2000).unref();
      }
    })());
  /** What is built already is there within a moment; a build is not waited for in silence. */
  const ready = (): Promise<void> => Promise.race([prepare(), new Promise<void>((resolve) => setTimeout(resolve, 400))]);

  const asset = (request: FastifyRequest, reply: FastifyReply, { type, plain, small }: Asset): FastifyReply => {
    reply
      .header('cache-control', `public, max-age=${YEAR}, immutable`)
      .header('vary', 'Accept-Encoding, Origin')
      .header('content-type', type);
    const takes = small !== null && /\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers['accept-encoding'] ?? '');
    return takes ? reply.header('content-encoding', 'br').send(small) : reply.send(plain);
  };
  const html = (reply: FastifyReply): FastifyReply => {
    reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-store');
    if (!built) {
      return reply
        .code(503)
        .header('retry-after', '1')
        .send(
          failed
            ? message('Not built', `${app.at} could not be built: the log of the server says why.`, false)
            : message('Building', `${app.at} is being built. This takes some seconds, once.`, true),
        );
    }
    const nonce = randomBytes(16).toString('base64');
    return reply.header('content-security-policy', policyOf(nonce, frames)).send(built.html.replaceAll(NONCE, nonce));
  };
  await fastify.register(async (scope) => {
    page(scope, policyOf('none', frames));
    scope.get(app.at, async (_request, reply) => {
      await ready();
      return html(reply);
    });
    scope.get(`${app.at}/*`, async (request, reply) => {
      await ready();
      const path = (request.params as { '*': string })['*'];
      const found = built?.assets.get(path);
      if (found) return asset(request, reply, found);
      if (path.startsWith('assets/')) return reply.callNotFound();
      return html(reply);
    });
  });
}
