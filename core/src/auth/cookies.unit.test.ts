import { expect, it } from 'vitest';
import { createSessionCookies } from './cookies.ts';

it.each([
  ['https://x.example', '/api/v1/auth'],
  ['https://x.example/base', '/base/api/v1/auth'],
  ['', '/api/v1/auth'],
])('B15: the refresh cookie goes to its own paths only, as browsers see them: %s', (baseUrl, path) => {
  const { cookies } = createSessionCookies({ baseUrl }).clear().options;
  expect(cookies!.map((cookie) => cookie.path)).toEqual([undefined, path]);
});
