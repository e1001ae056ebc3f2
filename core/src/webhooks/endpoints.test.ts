import { defineEvent, defineFeature, system, uuidv7 } from '@plinth/kit';
import { race } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizations } from '../organizations/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from './index.ts';
import { PublicEvents } from './patterns.ts';
import { WebhooksService } from './service.ts';

const Thing = z.object({ thingId: z.string() });
const thingMade = defineEvent('things.made', Thing, { title: 'Thing made', public: true });
const thingKept = defineEvent('things.kept', Thing, { title: 'Thing kept' });
const things = defineFeature({ name: 'things', contract: { thingMade, thingKept }, setup: () => ({ api: {} }) });

let app: CoreApp;
let token: string;
beforeAll(async () => {
  app = await coreApp([users, access, auth, organizations, webhooks, things]);
  ({ token } = await app.as('admin'));
});
afterAll(() => app?.stop());
const call = (method: string, path: string, body?: object) => app.call(method, `/api/v1/webhooks${path}`, { token, ...(body && { body }) });

describe('managing endpoints', () => {
  it.each([
    ['a private scheme', { url: 'ftp://example.com/' }, 'url'],
    ['a user name', { url: 'https://a:b@example.com/' }, 'url'],
    ['no events', { events: [] }, 'events'],
    ['an unknown event', { events: ['things.made', 'things.unmade'] }, 'events.1'],
    ['a private event', { events: ['things.kept'] }, 'events.0'],
    ['another wildcard', { events: ['th*'] }, 'events.0'],
    ['something else', { secret: 'mine' }, 'secret'],
  ])('refuses %s, and names the field', async (_what, body, field) => {
    const reply = await call('POST', '/endpoints', { url: 'https://example.com/', events: ['*'], ...body });
    expect([reply.status, Object.keys(reply.json.error.fields)]).toEqual([422, [field]]);
  });
  it('S45: in production takes https only', async () => {
    const service = new WebhooksService({ config: { production: true }, events: new PublicEvents(app.kit.catalog) } as never);
    const given = { url: 'http://example.com/', events: ['*'], description: '' };
    await expect(
      service.create(system('test.webhooks', null, uuidv7()), undefined as never, { organizationId: null, visible: null }, given),
    ).rejects.toMatchObject({
      code: 'INSECURE_URL',
      fields: { url: 'must begin with https://' },
    });
  });
  it('of 16 at once that make the last, one does', async () => {
    for (let i = 0; i < 49; i++)
      await app.owner.query(
        `insert into webhooks.endpoints (id, url, description, events, secret) values (gen_random_uuid(), 'https://example.com', '', '{*}', 'x')`,
      );
    const replies = await race(16, () => call('POST', '/endpoints', { url: 'https://example.com/', events: ['*'] }));
    const statuses = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, ...Array.from({ length: 15 }, () => 409)]);
  });
  it('lists what there is to subscribe to, and its shape', async () => {
    const { json } = await call('GET', '/events');
    const made = (json.data as { name: string }[]).find(({ name }) => name === 'things.made');
    expect(made).toMatchObject({ title: 'Thing made', payload: { properties: { thingId: { type: 'string' } } } });
    expect(JSON.stringify(json.data)).not.toContain('things.kept');
  });
});
