import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const read = (env: Readonly<Record<string, string>>) => readConfig(env, false).oauth;
const PEM = '-----BEGIN PRIVATE KEY-----\\nMIGH\\n-----END PRIVATE KEY-----';

describe('whom people may sign in with', () => {
  it('nobody, unless it is said', () => expect(read({})).toEqual({ providers: [], redirectUris: [] }));
  it('presets by id and secret, others by issuer', () => {
    const { providers } = read({
      GOOGLE_CLIENT_ID: 'g',
      GOOGLE_CLIENT_SECRET: 's',
      GITHUB_CLIENT_ID: 'h',
      GITHUB_CLIENT_SECRET: 's',
      GITHUB_URL: 'https://git.example.com/',
      MICROSOFT_CLIENT_ID: 'm',
      MICROSOFT_CLIENT_SECRET: 's',
      APPLE_CLIENT_ID: 'a',
      APPLE_TEAM_ID: 't',
      APPLE_KEY_ID: 'k',
      APPLE_PRIVATE_KEY: PEM,
      OIDC_PROVIDERS: '[{"id":"acme","name":"Acme","issuer":"https://id.acme.example/","clientId":"c","clientSecret":"s"}]',
    });
    expect(providers.map(({ id, name, issuer }) => [id, name, issuer])).toEqual([
      ['google', 'Google', 'https://accounts.google.com'],
      ['github', 'GitHub', 'https://git.example.com'],
      ['microsoft', 'Microsoft', 'https://login.microsoftonline.com/common/v2.0'],
      ['apple', 'Apple', 'https://appleid.apple.com'],
      ['acme', 'Acme', 'https://id.acme.example/'],
    ]);
    expect(providers[3]!.clientSecret).toMatchObject({ privateKey: '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----' });
  });
  const acme = { id: 'acme', issuer: 'https://id.acme.example', clientId: 'c', clientSecret: 's' };
  it.each([
    ['half a preset', { GOOGLE_CLIENT_ID: 'g' }, /GOOGLE_CLIENT_SECRET: is missing beside GOOGLE_CLIENT_ID/],
    [
      'a part of Apple',
      { APPLE_CLIENT_ID: 'a', APPLE_KEY_ID: 'k' },
      /APPLE_TEAM_ID, APPLE_PRIVATE_KEY: are missing beside APPLE_CLIENT_ID/,
    ],
    ['a key that is none', { APPLE_PRIVATE_KEY: 'MIGH' }, /APPLE_PRIVATE_KEY: must be the \.p8 file/],
    ['no JSON', { OIDC_PROVIDERS: 'acme' }, /OIDC_PROVIDERS: must be JSON/],
    ['no list', { OIDC_PROVIDERS: '{}' }, /OIDC_PROVIDERS/],
    ['an unknown word', { OIDC_PROVIDERS: JSON.stringify([{ ...acme, secret: 'x' }]) }, /OIDC_PROVIDERS/],
    ['no issuer', { OIDC_PROVIDERS: JSON.stringify([{ ...acme, issuer: 'acme' }]) }, /OIDC_PROVIDERS/],
    ['the name of a preset', { OIDC_PROVIDERS: JSON.stringify([{ ...acme, id: 'google' }]) }, /is the name of a preset/],
    ['one twice', { OIDC_PROVIDERS: JSON.stringify([acme, acme]) }, /'acme' is there twice/],
    ['a page with a query', { OAUTH_REDIRECT_URIS: 'https://app.example.com/cb?x' }, /OAUTH_REDIRECT_URIS/],
    ['a page without TLS', { OAUTH_REDIRECT_URIS: 'http://app.example.com/cb' }, /OAUTH_REDIRECT_URIS/],
    ['a script', { OAUTH_REDIRECT_URIS: 'javascript:alert(1)' }, /OAUTH_REDIRECT_URIS/],
    ['no network', { OUTBOUND_ALLOW: 'all' }, /OUTBOUND_ALLOW/],
  ])('refuses to start with %s', (_title, env, problem) => expect(() => read(env as Record<string, string>)).toThrow(problem));
  it.each(['https://app.example.com/cb', 'http://localhost:5173/cb', 'http://127.0.0.1/cb', 'com.example.app:/cb'])(
    'takes %s for a page',
    (uri) => expect(read({ OAUTH_REDIRECT_URIS: uri }).redirectUris).toEqual([uri]),
  );
});
