import { defineFeature, nobody, system } from '@plinth/kit';
import { testApp, type TestApp, type TestAppOptions } from '@plinth/kit/testing';
import { access } from '../access/index.ts';
import { users } from '../users/index.ts';
import { audit } from './index.ts';

/** A door whose token is the user's id, or `ID~as~OTHER`, proved just now: these tests are about what is read, not about who someone is. */
const entrance = defineFeature({
  name: 'entrance',
  setup: () => ({
    api: {},
    door: {
      authenticate: ({ token }) => {
        const [acts, as] = token.split('~as~') as [string, string | undefined];
        return {
          ...nobody,
          user: { id: as ?? acts },
          impersonator: as === undefined ? null : { id: acts },
          session: { id: `session of ${acts}`, provedAt: Date.now() / 1000 },
        };
      },
    },
  }),
});

export interface AuditApp extends TestApp {
  /** A user with this role. @returns their id, which is their token. */
  person(role: string): Promise<string>;
}
export async function auditApp(options: TestAppOptions = {}): Promise<AuditApp> {
  const app = await testApp([audit, access, entrance], options);
  return {
    ...app,
    person: (role) =>
      app.kit.db.transaction(async (tx) => {
        const caller = system('test.make-user', null, 'test');
        const email = `${role}-${Math.random()}@example.test`;
        const { id } = await app.api(users).create(caller, tx, { email, displayName: role, verified: true });
        await app.api(access).assign(caller, tx, { userId: id, role });
        return id;
      }),
  };
}

/** Waits until it holds. */
export async function eventually<T>(look: () => Promise<T | undefined>, ms = 10_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
