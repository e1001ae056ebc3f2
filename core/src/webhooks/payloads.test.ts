import { defineEvent, defineFeature, personal, system, uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizationWebhooks } from '../organization-webhooks/index.ts';
import { organizations } from '../organizations/index.ts';
import { makeOrganization } from '../organizations/organizations.fixtures.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from './index.ts';
import { makeEndpoint } from './webhooks.fixtures.ts';

const made = defineEvent('notes.made', z.object({ note: personal(z.string()) }), { title: 'Note made', public: true });
const notes = defineFeature({ name: 'notes', contract: { made }, setup: () => ({ api: {} }) });
const caller = system('test.payloads', null, uuidv7());

let app: CoreApp;
let token: string;
beforeAll(async () => {
  app = await coreApp([users, access, auth, organizations, webhooks, organizationWebhooks, notes]);
  ({ token } = await app.as('admin'));
});
afterAll(() => app?.stop());

/** @returns where the delivery of a note about Ada is read. */
async function told(base: string, organization?: string): Promise<string> {
  const { id } = await makeEndpoint({ app }, { token }, base, { events: ['notes.*'] });
  await app.kit.db.transaction((tx) =>
    app.kit.log.publish(tx, caller, made, { note: 'of Ada' }, { ...(organization && { organization }) }),
  );
  const path = `/api/v1${base}/endpoints/${id}/deliveries`;
  const deliveries = async () => (await app.call('GET', path, { token })).json.data as { id: string }[];
  await expect.poll(deliveries).toHaveLength(1);
  return `${path}/${(await deliveries())[0]!.id}`;
}

it('S115: what a delivery says is shown by permission only, and each look is recorded', async () => {
  const path = await told('/webhooks');
  const role = `role-${uuidv7()}`;
  const body = { name: role, title: 'Clerk', permissions: ['webhooks:manage'] };
  expect((await app.call('POST', '/api/v1/access/roles', { token, body })).status).toBe(201);
  const clerk = await app.as(role);
  const hidden = await app.call('GET', path, { token: clerk.token });
  expect(hidden.json.data).toMatchObject({ masked: true, request: null, event: 'notes.made' });
  expect(hidden.text).not.toContain('of Ada');
  const state = await app.call('GET', `${path}?show=state`, { token });
  expect(state.json.data).toMatchObject({ masked: true, request: null });
  for (const { requestId } of [hidden, state]) expect(await app.facts(requestId)).toEqual([]);
  const whole = await app.call('GET', path, { token });
  expect(whole.json.data).toMatchObject({ masked: false, request: { body: expect.stringContaining('of Ada') } });
  expect(await app.facts(whole.requestId)).toEqual(['webhooks.payload-read']);
});
it('S115: whoever manages the webhooks of an organization sees what they say, and the organization’s log tells of each look', async () => {
  const { id } = await makeOrganization({ app }, { token });
  const whole = await app.call('GET', await told(`/organizations/${id}/webhooks`, id), { token });
  expect(whole.json.data).toMatchObject({ masked: false, request: { body: expect.stringContaining('of Ada') } });
  const looks = () => app.kit.log.search({ name: 'webhooks.payload-read', organization: id }, { by: 'cursor', after: null, limit: 5 });
  await expect.poll(async () => (await looks()).items).toHaveLength(1);
});
