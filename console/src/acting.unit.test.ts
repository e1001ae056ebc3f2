import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type * as Module from './acting.ts';

const ORIGIN = 'http://localhost:3000';
const THEIRS = { status: 'signed-in', userId: 'ada', sessionId: 's', expiresIn: 900, accessToken: 'theirs', refreshToken: 'r' } as const;
const ADA = { userId: 'ada', name: 'Ada' };

interface Sent {
  readonly path: string;
  readonly method: string;
  readonly authorization: string | null;
  readonly credentials: RequestCredentials;
}
let acting: typeof Module;
let leave: () => void;
let sent: Sent[];
let status = 200;
beforeAll(async () => {
  vi.stubGlobal('addEventListener', (_name: string, listener: () => void) => (leave = listener));
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(typeof input === 'string' ? new URL(input, ORIGIN) : input, init);
    const { method, credentials } = request;
    sent.push({ path: new URL(request.url).pathname, method, authorization: request.headers.get('authorization'), credentials });
    return new Response(null, { status });
  });
  acting = await import('./acting.ts');
});
afterAll(() => vi.unstubAllGlobals());
beforeEach(() => {
  acting.actNoMore();
  sent = [];
  status = 200;
});
const ask = (path: string, method = 'GET') => acting.send(new Request(ORIGIN + path, { method, credentials: 'include' }));

test('B90: whoever acts is asked for with their token and no cookie; the own session is renewed and ended by its cookies alone', async () => {
  await ask('/api/v1/users/me');
  acting.actAs(THEIRS, ADA);
  await ask('/api/v1/users/me');
  await ask('/api/v1/auth/refresh', 'POST');
  await ask('/api/v1/auth/sign-out', 'POST');
  acting.actNoMore();
  await ask('/api/v1/users/me');
  expect(sent.map(({ path, authorization, credentials }) => [path, authorization, credentials])).toEqual([
    ['/api/v1/users/me', null, 'include'],
    ['/api/v1/users/me', 'Bearer theirs', 'omit'],
    ['/api/v1/auth/refresh', null, 'include'],
    ['/api/v1/auth/sign-out', null, 'include'],
    ['/api/v1/users/me', null, 'include'],
  ]);
});
test('B90: once it has ended, nothing is sent until one goes on as oneself: no act of theirs is done in one’s own name', async () => {
  acting.actAs(THEIRS, ADA);
  status = 401;
  const refused = await ask('/api/v1/users/me', 'PATCH');
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'IMPERSONATION_ENDED']);
  status = 200;
  expect((await ask('/api/v1/users/me', 'PATCH')).status).toBe(403);
  expect(sent).toHaveLength(1);
  acting.actNoMore();
  expect((await ask('/api/v1/users/me')).status).toBe(200);
});
test('B90: whoever leaves the page stops acting', async () => {
  leave();
  expect(sent).toEqual([]);
  acting.actAs(THEIRS, ADA);
  await ask('/api/v1/products');
  leave();
  expect(sent.at(-1)).toEqual({ path: '/api/v1/impersonation', method: 'DELETE', authorization: 'Bearer theirs', credentials: 'omit' });
  acting.actNoMore();
  leave();
  expect(sent).toHaveLength(2);
});
