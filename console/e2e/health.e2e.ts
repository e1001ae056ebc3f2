import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consoleApp } from '../app.ts';
import { executablePath, found, studio, type Studio } from './console.testing.ts';

// What whoever looks after the server looks at: how it does, what goes through its channels, what it would have sent.
describe.skipIf(!found)(`health, realtime, mailbox, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  beforeAll(async () => {
    at = await studio(undefined, { mail: 'development' });
  });
  afterAll(async () => {
    await at?.stop();
  });

  test('health: charts get new points by themselves, with a word for each; nothing moves; checks and nodes', async () => {
    const { page, context, token } = await at.signedIn('admin');
    // What stands below the charts is known before they are, and waits for them all the same.
    await page.route('**/monitoring/samples*', (route) => setTimeout(() => void route.continue(), 1000), { times: 1 });
    await page.evaluate('window.shifted = 0');
    await page.getByRole('navigation', { name: 'Resources' }).getByRole('link', { name: 'Health', exact: true }).click();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    const chart = page.locator('figure', { hasText: 'answered' });
    await chart.locator('svg').first().waitFor();
    await page.getByText('passes').first().waitFor();
    expect(await page.evaluate('window.shifted')).toBeLessThan(0.001);
    const heights = (): Promise<number[]> =>
      page.evaluate(`[...document.querySelectorAll('figure')].map((figure) => Math.round(figure.getBoundingClientRect().top))`);
    const before = await heights();
    const said = chart.locator('li').first();
    for (let n = 0; n < 40; n++) await at.app.call('GET', '/api/v1/users', { token });
    await at.app.call('GET', '/api/v1/no-such-thing', { token });
    await expect.poll(() => said.textContent(), { timeout: 30_000, interval: 500 }).toMatch(/answered\s*[\d.]+\/s/);
    const first = await chart.locator('path.recharts-line-curve').getAttribute('d');
    await expect
      .poll(() => chart.locator('path.recharts-line-curve').getAttribute('d'), { timeout: 30_000, interval: 500 })
      .not.toBe(first);
    expect(await heights()).toEqual(before);
    for (const words of await page.locator('figure li').allTextContents()) expect(words).toMatch(/\d|–$/);
    expect(await page.locator('figure').count()).toBe(8);
    await page.getByRole('region', { name: 'Nodes' }).getByText('up', { exact: true }).waitFor();
    await page.getByLabel('How far back').selectOption('the last 5 minutes');
    await expect.poll(() => page.url()).toContain('minutes=5');
    await at.look(page, 'health');
    await context.close();
  });

  test('the charts are loaded with this page only', async () => {
    const assets = join(consoleApp.folder, 'assets');
    const [entry] = [...(await readFile(join(consoleApp.folder, 'index.html'), 'utf8')).matchAll(/assets\/([\w.-]+\.js)/g)];
    expect(await readFile(join(assets, entry![1]!), 'utf8')).not.toContain('recharts-');
    const drawing = (await readdir(assets)).filter((name) => name.startsWith('chart-lines'));
    expect(drawing).toHaveLength(1);
  });

  test('realtime: a change is seen as it comes, messages go out, the list stands still when asked, a session ends it', async () => {
    const { page, context, token, userId } = await at.signedIn('admin');
    await page.goto(`${at.origin}/console/r/realtime`);
    await page.getByText('No channel is followed').waitFor();
    await at.look(page, 'realtime-none');
    const project = (await at.app.call('POST', '/api/v1/projects', { token, body: { name: 'Apollo' } })).json.data as { id: string };
    const rename = (name: string) => at.app.call('PATCH', `/api/v1/projects/${project.id}`, { token, body: { name } });
    await page.getByLabel('Kind of channel').selectOption('project:{projectId}');
    await page.getByRole('textbox', { name: 'projectId' }).fill(project.id);
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await page.getByText('following', { exact: true }).waitFor();
    await page.getByText('connected', { exact: true }).waitFor();
    await rename('Artemis');
    const frames = page.getByRole('list', { name: 'Frames' });
    await frames.getByText('projects.updated').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await rename('Ares');
    await page.getByRole('button', { name: 'Go on (1 came)' }).waitFor();
    expect(await frames.getByText('projects.updated').count()).toBe(1);
    await page.getByRole('button', { name: 'Go on (1 came)' }).click();
    await expect.poll(() => frames.getByText('projects.updated').count()).toBe(2);
    const other = await at.signedIn('admin');
    await other.page.goto(page.url());
    await frames.getByText(`user …${other.userId.slice(-8)}`).waitFor();
    await expect.poll(() => page.getByText(`user …${other.userId.slice(-8)}`).count()).toBe(2); // here, and among the frames
    await other.context.close();
    await frames.getByText('left').waitFor({ timeout: 20_000 });
    await at.look(page, 'realtime');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Nothing has come yet').waitFor();

    await page.getByLabel('Kind of channel').selectOption('user:{userId}');
    expect(await page.getByRole('textbox', { name: 'userId' }).inputValue()).toBe(userId);
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await page.getByLabel('Message, as JSON').fill('{ "read": ');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('This is no JSON.').waitFor();
    await page.getByLabel('Message, as JSON').fill('{ "read": 5 }');
    await page.getByRole('button', { name: 'Send' }).click();
    await frames.getByText('"read": 5').waitFor();
    await at.look(page, 'realtime-message');

    await page.goto(`${at.origin}/console/r/realtime?channel=user:0199b1de-0000-7000-8000-000000000000`);
    await page
      .getByText(/refused: /)
      .first()
      .waitFor();
    await at.look(page, 'realtime-refused');

    await page.goto(`${at.origin}/console/r/realtime?channel=user:${userId}`);
    await page.getByText('following', { exact: true }).waitFor();
    expect((await at.app.call('DELETE', '/api/v1/auth/sessions', { token })).json.data).toEqual({ ended: 1 });
    await page.getByRole('heading', { name: 'Plinth console' }).waitFor({ timeout: 5000 });
    await context.close();
  });

  test('mailbox: what a sign-up would have been sent, its links, and its HTML in a frame that runs nothing', async () => {
    const { page, context } = await at.signedIn('admin');
    await page.goto(`${at.origin}/console/r/mailbox`);
    await page.getByRole('heading', { name: 'Mailbox' }).waitFor();
    const body = { email: 'grace@example.com', displayName: 'Grace Hopper' };
    expect((await at.app.call('POST', '/api/v1/auth/register', { body })).status).toBeLessThan(300);
    const mails = page.getByRole('list', { name: 'Mails' });
    await mails.getByText('grace@example.com').waitFor();
    const link = page.getByRole('main').getByRole('link', { name: /^http/ }).first();
    expect(await link.getAttribute('href')).toMatch(/^http:\/\/localhost:\d+\//);
    await at.look(page, 'mailbox');
    const html = '<h1 style="color: rgb(1, 2, 3)">Welcome</h1><p><a href="https://example.com/">Begin</a></p>';
    await at.app.kit.mail.send({
      id: 'm-1',
      to: 'grace@example.com',
      subject: 'Welcome aboard',
      text: 'Begin at https://example.com/.',
      html,
    });
    await mails.getByText('Welcome aboard').click();
    const part = page.frameLocator('iframe');
    await part.getByRole('heading', { name: 'Welcome' }).waitFor();
    expect(
      await part
        .getByRole('heading')
        .evaluate(
          (heading) => (globalThis as never as { getComputedStyle(e: unknown): { color: string } }).getComputedStyle(heading).color,
        ),
    ).toBe('rgb(1, 2, 3)');
    await at.look(page, 'mailbox-html');

    // As of a server that sends its mails: the operation is not there, and so nothing leads to it.
    await context.route('**/openapi.json', async (route) => {
      const reply = await route.fetch();
      const document = (await reply.json()) as { paths: Record<string, unknown> };
      delete document.paths['/api/v1/monitoring/mailbox'];
      await route.fulfill({ response: reply, json: document });
    });
    await page.reload();
    await page.getByText('Mails are really sent here').waitFor();
    const navigation = page.getByRole('navigation', { name: 'Resources' });
    await navigation.getByRole('link', { name: 'Health', exact: true }).waitFor();
    expect(await navigation.getByRole('link', { name: 'Mailbox', exact: true }).count()).toBe(0);
    await at.look(page, 'mailbox-none');
    await context.close();
  });

  test('no page complained, and the pages are whole in both themes and at both widths', () => {
    expect(at.complaints).toEqual([]);
    expect(at.faults).toEqual([]);
  });
});
