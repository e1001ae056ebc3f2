import { once } from 'node:events';
import { RealtimeClient, withTotp } from '@plinth/core/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, found, PASSWORD, studio, type Studio } from './console.testing.ts';

interface Fact {
  readonly who: { readonly actor: string | null; readonly impersonator: string | null };
  readonly why: { readonly reason: string | null };
}
// Users, what they may, and the organizations they are in.
describe.skipIf(!found)(`people, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  beforeAll(async () => {
    at = await studio();
  });
  afterAll(() => at?.stop());

  const named = async (role: 'admin' | 'member', displayName: string) => {
    const somebody = await at.app.as(role);
    await at.app.call('PATCH', '/api/v1/users/me', { token: somebody.token, body: { displayName } });
    return somebody;
  };
  const facts = async (token: string, name: string, subjectId: string): Promise<Fact[]> =>
    (await at.app.call('GET', `/api/v1/audit/events?name=${name}&subjectId=${subjectId}&cursor=`, { token })).json.data as Fact[];
  const goTo = (page: Page, path: string) => page.goto(`${at.origin}/console/r${path}`);
  const navigationOf = (page: Page) => page.getByRole('navigation', { name: 'Resources' });
  const dialog = (page: Page) => page.getByRole('dialog');
  /** Presses a button of the page, and goes on in its dialog. */
  const act = async (
    page: Page,
    button: string,
    confirm: string,
    fill: (form: ReturnType<typeof dialog>) => Promise<void> = async () => {},
  ) => {
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await fill(dialog(page));
    await dialog(page).getByRole('button', { name: confirm, exact: true }).click();
    await dialog(page).waitFor({ state: 'detached' });
  };
  const isAway = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

  test('somebody is found and suspended: their socket closes, and the fact names who did it', async () => {
    const { page, context, userId, token } = await at.signedIn('admin');
    const grace = await named('member', 'Grace Hopper');
    await navigationOf(page).getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await at.look(page, 'users');
    await page.getByLabel('Search').fill('grace hop');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('link', { name: 'Grace Hopper' }).click();
    await page.getByRole('heading', { name: /Grace Hopper/ }).waitFor();
    await at.look(page, 'user');

    const socket = new RealtimeClient(at.app.url);
    await once(socket.ws, 'open');
    expect(await socket.ask({ type: 'authenticate', token: grace.token })).toMatchObject({ type: 'authenticated' });
    await act(page, 'Suspend', 'Suspend', async (form) => {
      await form.getByLabel('Reason').fill('Reported for spam');
      await at.look(page, 'user-suspend');
    });
    expect(await socket.ends(3000)).toMatchObject({ code: 3503 });
    await page.getByRole('button', { name: 'Restore', exact: true }).waitFor();
    expect(await facts(token, 'users.suspended', grace.userId)).toMatchObject([
      { who: { actor: userId, impersonator: null }, why: { reason: 'Reported for spam' } },
    ]);
    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.getByText('User suspended').waitFor();
    await page.getByRole('link', { name: 'Ada Lovelace' }).first().waitFor();
    await at.look(page, 'user-activity');
    await page.getByRole('radio', { name: 'By them' }).click();
    await page.getByText('User changed their profile').waitFor();
    await context.close();
  });

  test('sessions and factors of somebody are seen; one session is ended, the factors are reset with a fresh proof', async () => {
    const { page, context, userId } = await at.signedIn('admin');
    const alan = await named('member', 'Alan Turing');
    const device = await withTotp(at.app, alan.userId);
    await goTo(page, `/users/${alan.userId}?tab=sessions`);
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await at.look(page, 'user-sessions');
    await page.getByRole('row').nth(1).getByRole('button', { name: 'End', exact: true }).click();
    await dialog(page).getByLabel('Reason').fill('Not their device');
    await dialog(page).getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('They are signed in nowhere').waitFor();
    expect((await at.app.call('GET', '/api/v1/users/me', { token: alan.token })).status).toBe(401);

    await page.getByRole('tab', { name: 'Factors' }).click();
    await page.getByText('Authenticator app').waitFor();
    await at.look(page, 'user-factors');
    await at.app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [userId]);
    await page.reload();
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await dialog(page).getByLabel('Reason').fill('Lost phone');
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('Confirm who you are').waitFor();
    await at.look(page, 'step-up');
    await page.getByRole('dialog', { name: 'Confirm who you are' }).getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('No second factor').waitFor();
    expect(device.secret).not.toBe('');
    await context.close();
  });

  test('a role is assigned, and what Explain says changes with it', async () => {
    const { page, context } = await at.signedIn('admin');
    const edsger = await named('member', 'Edsger Dijkstra');
    await goTo(page, '/access/roles');
    await page.getByRole('button', { name: 'Create a role' }).click();
    await dialog(page).getByLabel('Name').fill('librarian');
    await dialog(page).getByLabel('Title').fill('Librarian');
    await dialog(page).getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Librarian' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search permissions' }).fill('see every user');
    await page.getByLabel('See every user').check();
    await page.getByText('1 change not saved').waitFor();
    await page.getByRole('searchbox', { name: 'Search permissions' }).fill('');
    await at.look(page, 'role');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('gets users:read').waitFor();
    await at.look(page, 'role-save');
    await dialog(page).getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('not saved').waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Who has it' }).click();
    await page.getByText('Nobody has this role').waitFor();
    await goTo(page, '/access/roles');
    await page.getByRole('link', { name: 'Librarian' }).waitFor();
    await at.look(page, 'roles');

    await goTo(page, `/access/explain?user=${edsger.userId}&action=users.list`);
    await page.getByText('Edsger Dijkstra may not').waitFor();
    await page.getByRole('link', { name: 'librarian', exact: true }).waitFor(); // what it would take
    await at.look(page, 'explain-refused');
    await goTo(page, `/users/${edsger.userId}?tab=roles`);
    await page.getByRole('button', { name: 'Assign a role', exact: true }).click();
    await dialog(page).getByLabel('Role').selectOption('librarian');
    await at.look(page, 'user-assign');
    await dialog(page).getByRole('button', { name: 'Assign' }).click();
    await page.getByRole('link', { name: 'librarian' }).waitFor();
    await at.look(page, 'user-roles');
    await page.getByRole('tab', { name: 'Explain' }).click();
    await page.getByLabel('Does what').fill('users.list');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.getByText('Edsger Dijkstra may users.list').waitFor();
    await at.look(page, 'user-explain');
    // By the form too: somebody is looked for, and the address says what was asked.
    await goTo(page, '/access/explain');
    await page.getByLabel('Who').fill('edsger');
    await page.getByRole('option', { name: /Edsger Dijkstra/ }).click();
    await page.getByLabel('Does what').fill('users.suspend');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.getByText('Edsger Dijkstra may not').waitFor();
    expect(page.url()).toContain(`user=${edsger.userId}`);
    await navigationOf(page).getByRole('link', { name: 'Assignments', exact: true }).click();
    await page.getByRole('link', { name: 'Edsger Dijkstra' }).first().waitFor();
    await at.look(page, 'assignments');
    await page
      .getByRole('row', { name: /librarian/ })
      .getByRole('button', { name: 'Take away' })
      .click();
    await dialog(page).getByLabel('Type librarian').fill('librarian');
    await dialog(page).getByRole('button', { name: 'Take', exact: true }).click();
    await page.getByRole('row', { name: /librarian/ }).waitFor({ state: 'detached' });

    await navigationOf(page).getByRole('link', { name: 'Grants', exact: true }).click();
    await page.getByRole('button', { name: 'Give a user a permission' }).first().click();
    await dialog(page).getByRole('combobox', { name: 'User' }).fill('edsger');
    await page.getByRole('option', { name: /Edsger Dijkstra/ }).click();
    await dialog(page).getByLabel('Permission').fill('users:read');
    await at.look(page, 'grant');
    await dialog(page).getByRole('button', { name: 'Give' }).click();
    await isAway(page);
    await navigationOf(page).getByRole('link', { name: 'Grants', exact: true }).click();
    await page.getByRole('link', { name: 'Edsger Dijkstra' }).first().waitFor();
    await at.look(page, 'grants');
    await context.close();
  });

  test('one acts as somebody, sees what they see, and comes back as oneself; from a page that is left too', async () => {
    const { page, context, userId, token } = await at.signedIn('admin');
    const barbara = await named('member', 'Barbara Liskov');
    const begin = async (): Promise<void> => {
      await goTo(page, `/users/${barbara.userId}`);
      await act(page, 'Sign in as', 'Act', (form) => form.getByLabel('Reason').fill('Ticket 4711'));
      await page.getByText('You act as Barbara Liskov').waitFor();
      await page.getByText('Signed in as member').waitFor();
    };
    const impersonated = async (): Promise<number> =>
      (await at.app.owner.query('select 1 from auth.sessions where impersonator_id = $1 and ended_at is null', [userId])).rowCount!;
    await begin();
    const navigation = navigationOf(page);
    await navigation.getByRole('link', { name: 'Products', exact: true }).waitFor();
    expect(await navigation.getByRole('link', { name: 'Users', exact: true }).count()).toBe(0);
    await at.look(page, 'acting');
    await page.getByRole('button', { name: 'Stop, and be yourself' }).click();
    await page.getByRole('heading', { name: /Barbara Liskov/ }).waitFor();
    await navigation.getByRole('link', { name: 'Users', exact: true }).waitFor();
    expect(await page.getByText('You act as').count()).toBe(0);
    expect([(await facts(token, 'impersonation.started', barbara.userId)).length, await impersonated()]).toEqual([1, 0]);
    expect((await facts(token, 'impersonation.stopped', barbara.userId))[0]).toMatchObject({
      who: { actor: barbara.userId, impersonator: userId },
    });

    await begin();
    expect(await impersonated()).toBe(1);
    await page.reload();
    await navigation.getByRole('link', { name: 'Users', exact: true }).waitFor(); // oneself again
    await expect.poll(impersonated).toBe(0);

    // Ended by the user: nothing is done in one's own name meanwhile.
    await begin();
    const theirs = (await at.app.call('GET', '/api/v1/auth/sessions', { token: barbara.token })).json.data as {
      id: string;
      impersonatedBy: string | null;
    }[];
    const { id } = theirs.find(({ impersonatedBy }) => impersonatedBy === userId)!;
    expect((await at.app.call('DELETE', `/api/v1/auth/sessions/${id}`, { token: barbara.token })).status).toBe(204);
    await navigation.getByRole('link', { name: 'Products', exact: true }).click();
    await page.getByText('You act as Barbara Liskov no more').waitFor();
    await at.look(page, 'acting-ended');
    await page.getByRole('button', { name: 'Go on as yourself' }).click();
    await navigation.getByRole('link', { name: 'Users', exact: true }).waitFor();
    await context.close();
  });

  test('an organization: its members, invitations and audit', async () => {
    const { page, context } = await at.signedIn('admin');
    await goTo(page, '/organizations');
    await page.getByRole('button', { name: 'Create an organization' }).first().click();
    await dialog(page).getByLabel('Name').fill('Lovelace & Co.');
    await dialog(page).getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Lovelace & Co.' }).waitFor();
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    await at.look(page, 'organization');
    await act(page, 'Invite', 'Invite', async (form) => {
      await form.getByLabel('Email').fill('grace@example.com');
      await form.getByLabel(/Administrator of an organization/).check();
      await at.look(page, 'organization-invite');
    });
    await page.getByRole('tab', { name: 'Invitations' }).click();
    await page.getByText('grace@example.com').waitFor();
    await at.look(page, 'organization-invitations');
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByText('Organization created').waitFor();
    await at.look(page, 'organization-audit');
    await goTo(page, '/organizations');
    await page.getByRole('link', { name: 'Lovelace & Co.' }).waitFor();
    await at.look(page, 'organizations');
    await context.close();
  });

  test('a member sees none of these pages, and is told so where an address leads to one', async () => {
    const { page, context, userId } = await at.signedIn('member');
    const navigation = navigationOf(page);
    await navigation.getByRole('link', { name: 'Products', exact: true }).waitFor();
    for (const name of ['Users', 'Roles', 'Assignments', 'Grants', 'Explain'])
      expect([name, await navigation.getByRole('link', { name, exact: true }).count()]).toEqual([name, 0]);
    for (const path of [
      '/users',
      `/users/${userId}`,
      '/access/roles',
      '/access/roles/member',
      '/access/assignments',
      '/access/grants',
      `/access/explain?user=${userId}&action=users.list`,
    ]) {
      await goTo(page, path);
      await page.getByText('You lack the permission for this.').first().waitFor();
    }
    await context.close();
  });

  test('no page complained, and axe finds no serious fault', () => expect([at.complaints, at.faults]).toEqual([[], []]));
});
