import { system, uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authApp, type AuthApp } from './auth.testing.ts';
import { auth } from './index.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app?.stop());

const TRIALS = 200;
const WRONG = 'not the right one at all';

/** Every kind tried by turns; the median of each, in milliseconds. */
async function medians(
  kinds: Readonly<Record<string, (i: number) => { email: string; password: string }>>,
): Promise<Record<string, number>> {
  const times = new Map<string, number[]>();
  for (let i = 0; i < TRIALS; i++) {
    await app.owner.query('delete from auth.attempts'); // a locked account answers at once
    for (const [kind, given] of Object.entries(kinds)) {
      const start = performance.now();
      const { status } = await app.signIn({ id: '', ...given(i) });
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - start]);
      expect(status).toBe(401);
    }
  }
  return Object.fromEntries([...times].map(([kind, values]) => [kind, values.toSorted((a, b) => a - b)[TRIALS / 2]!]));
}
function expectWithinNoise(found: Record<string, number>): void {
  process.stdout.write(`${JSON.stringify(found)}\n`);
  expect(Math.max(...Object.values(found)) / Math.min(...Object.values(found))).toBeLessThan(1.05);
}

it('B20: over 200 interleaved trials, the medians of every kind of failed sign-in lie within noise', { timeout: 240_000 }, async () => {
  const { token } = await app.signedIn('admin');
  const [wrong, suspended, bare] = [await app.person(), await app.person(), await app.person('member', null)];
  await app.call('POST', `/api/v1/users/${suspended.id}/suspend`, { token, body: { reason: 'for the test' } });
  const kinds = {
    wrong: () => ({ ...wrong, password: WRONG }),
    unknown: (i: number) => ({ email: `u${i}@example.com`, password: WRONG }),
    suspended: () => ({ ...suspended, password: WRONG }),
    'suspended, right password': () => suspended,
    'no password': () => ({ ...bare, password: WRONG }),
  };
  expectWithinNoise(await medians(kinds));
});

it('B20: and while bcrypt hashes of other systems are kept, too, whatever they cost', { timeout: 240_000 }, async () => {
  const imported = async (cost: string) => {
    const person = await app.person('member', null);
    const hash = `$2b$${cost}$abcdefghijklmnopqrstuuTvvHEo.yXaZT0A3z0h2nlVNVHdizrT.`;
    const outcome = await app.kit.db.transaction((tx) => app.api(auth).importPassword(system('test', null, uuidv7()), tx, person.id, hash));
    expect(outcome).toBe('imported');
    return () => ({ ...person, password: WRONG });
  };
  const { token } = await app.signedIn('admin');
  const [wrong, suspended] = [await app.person(), await app.person()];
  await app.call('POST', `/api/v1/users/${suspended.id}/suspend`, { token, body: { reason: 'for the test' } });
  const kinds = {
    wrong: () => ({ ...wrong, password: WRONG }),
    unknown: (i: number) => ({ email: `u${i}@example.com`, password: WRONG }),
    'suspended, right password': () => suspended,
    'imported, cost 5': await imported('05'),
    'imported, cost 9': await imported('09'),
  };
  expectWithinNoise(await medians(kinds));
});
