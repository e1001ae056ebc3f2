import { system, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { users } from '../users/index.ts';
import { accessApp, type AccessApp } from './access.testing.ts';
import { access } from './index.ts';

let app: AccessApp;
let admin: string;
beforeAll(async () => {
  app = await accessApp();
});
afterAll(() => app?.stop());
beforeEach(async () => {
  await app.owner.query(`delete from access.assignments`);
  app.kit.cache.drop(['access:roles']);
  admin = await app.user('admin');
});

const post = (token: string | undefined, path: string, body: unknown) => app.call('POST', `/api/v1/access${path}`, { token, body });
const remove = (token: string, path: string) => app.call('DELETE', `/api/v1/access${path}`, { token });
const assignmentOf = async (userId: string, role: string): Promise<string> => {
  const { rows } = await app.owner.query<{ id: string }>('select id from access.assignments where user_id = $1 and role = $2', [
    userId,
    role,
  ]);
  return rows[0]!.id;
};
const administrators = async (): Promise<number> => {
  const { rows } = await app.owner.query(
    `select 1 from access.assignments a join users.users u on u.id = a.user_id where a.role = 'admin' and u.status = 'active'`,
  );
  return rows.length;
};

describe('the last administrator', () => {
  it('B89: is neither demoted, suspended nor deleted', async () => {
    const assignment = await assignmentOf(admin, 'admin');
    const temporary = await app.user();
    await post(admin, '/assignments', { userId: temporary, role: 'admin', expiresAt: new Date(Date.now() + 60_000).toISOString() });
    const attempts = [
      await remove(admin, `/assignments/${assignment}`),
      await remove(temporary, `/assignments/${assignment}`),
      await app.call('POST', `/api/v1/users/${admin}/suspend`, { token: admin, body: { reason: 'testing' } }),
      await app.call('DELETE', `/api/v1/users/${admin}`, { token: temporary }),
    ];
    expect(attempts.map(({ status, json }) => [status, json.error.code])).toEqual(attempts.map(() => [409, 'LAST_ADMINISTRATOR']));
    expect(await administrators()).toBe(2);
    const second = await app.user('admin');
    expect((await app.call('POST', `/api/v1/users/${second}/suspend`, { token: admin, body: { reason: 'testing' } })).status).toBe(200);
    // A suspended administrator administers nothing: the first is still the last.
    expect((await remove(admin, `/assignments/${assignment}`)).json.error.code).toBe('LAST_ADMINISTRATOR');
  });

  it('B89: is a person: a program that administers does not count', async () => {
    await app.kit.db.transaction(async (tx) => {
      const caller = system('test.make-program', null, 'test');
      const program = { email: `robot-${uuidv7()}@service.invalid`, displayName: 'A robot', kind: 'service' } as const;
      const { id } = await app.api(users).create(caller, tx, program);
      await app.api(access).assign(caller, tx, { userId: id, role: 'admin' });
    });
    expect(await administrators()).toBe(2);
    const assignment = await assignmentOf(admin, 'admin');
    expect((await remove(admin, `/assignments/${assignment}`)).json.error.code).toBe('LAST_ADMINISTRATOR');
    const suspended = await app.call('POST', `/api/v1/users/${admin}/suspend`, { token: admin, body: { reason: 'testing' } });
    expect(suspended.json.error.code).toBe('LAST_ADMINISTRATOR');
    await app.user('admin');
    expect((await remove(admin, `/assignments/${assignment}`)).status).toBe(204);
  });

  it('B89: two administrators who demote each other, 16 at once, leave exactly one', async () => {
    for (let round = 0; round < 3; round++) {
      await app.owner.query('delete from access.assignments');
      const pair = [await app.user('admin'), await app.user('admin')] as const;
      const targets = [await assignmentOf(pair[1], 'admin'), await assignmentOf(pair[0], 'admin')] as const;
      const replies = await race(16, (i) => remove(pair[(i % 2) as 0 | 1], `/assignments/${targets[(i % 2) as 0 | 1]}`));
      const statuses = tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)));
      expect(statuses[204]).toBe(1);
      expect(Object.keys(statuses).every((status) => ['204', '403', '404', '409'].includes(status))).toBe(true);
      expect(await administrators()).toBe(1);
    }
  });

  it('B89: demoting, suspending and deleting each other at once leave exactly one', async () => {
    for (let round = 0; round < 5; round++) {
      await app.owner.query('delete from access.assignments');
      const pair = [await app.user('admin'), await app.user('admin')] as const;
      const targets = [await assignmentOf(pair[1], 'admin'), await assignmentOf(pair[0], 'admin')] as const;
      const replies = await race(16, (i) => {
        const me = (i % 2) as 0 | 1;
        const [token, other] = [pair[me], pair[1 - me]!];
        if ((i + round) % 3 === 0) return remove(token, `/assignments/${targets[me]}`);
        if ((i + round) % 3 === 1) return app.call('DELETE', `/api/v1/users/${other}`, { token });
        return app.call('POST', `/api/v1/users/${other}/suspend`, { token, body: { reason: 'testing' } });
      });
      const statuses = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0));
      expect(statuses.filter((status) => ![200, 204, 403, 404, 409].includes(status))).toEqual([]);
      expect(await administrators()).toBe(1);
    }
  });
});
