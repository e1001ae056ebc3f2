import {
  allow,
  defineEvent,
  defineFeature,
  defineOperations,
  definePermission,
  during,
  queryBuilder,
  uuidv7,
  type Visible,
} from '@plinth/kit';
import { z } from 'zod';
import { ORGANIZATION, ORGANIZATION_ADMIN, ORGANIZATION_MEMBER, organizationDeleted, organizations } from './index.ts';

// A feature whose rows belong to organizations, as docs/guides/organizations.md shows it.

const readNotes = definePermission('notes:read', 'See notes', [ORGANIZATION_MEMBER, ORGANIZATION_ADMIN]);
const writeNotes = definePermission('notes:write', 'Write notes', [ORGANIZATION_ADMIN]);
const read = allow(readNotes, { scope: ORGANIZATION });
const write = allow(writeNotes, { scope: ORGANIZATION });

const Note = z.object({ id: z.uuid(), text: z.string() });
const InOrganization = z.object({ organizationId: z.uuid() });
const noteWritten = defineEvent('notes.written', z.object({ noteId: z.uuid() }), { title: 'Note written' });
const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/organizations/:organizationId/notes',
    summary: 'Notes',
    access: read,
    params: InOrganization,
    reply: z.array(Note),
  },
  write: {
    method: 'POST',
    path: '/organizations/:organizationId/notes',
    summary: 'Write a note',
    access: write,
    params: InOrganization,
    body: z.strictObject({ text: z.string().min(1).max(1000) }),
    status: 201,
    reply: Note,
    publishes: [noteWritten],
  },
});

interface Tables {
  'notes.notes': { id: string; organization_id: string; text: string };
}
const build = queryBuilder<Tables>();
const seen = (visible: Visible) => visible.where({ scope: 'notes.notes.organization_id' });

export const notes = defineFeature({
  name: 'notes',
  needs: { organizations },
  contract: { readNotes, writeNotes, noteWritten, operations },
  setup: ({ db, log }, { organizations: tenants }) => ({
    api: {},
    controller: {
      list: ({ caller, params }) =>
        db.all(
          build
            .selectFrom('notes.notes')
            .select(['id', 'text'])
            .where('organization_id', '=', params.organizationId)
            .where(seen(caller.visible(read)))
            .orderBy('id')
            .limit(100),
        ),
      write: async ({ caller, tx, params, body }) => {
        await tenants.keep(tx, params.organizationId);
        const note = { id: uuidv7(), text: body.text };
        tx.write(build.insertInto('notes.notes').values({ ...note, organization_id: params.organizationId }));
        await log.publish(tx, caller, noteWritten, { noteId: note.id });
        return note;
      },
    },
    handlers: [
      during(organizationDeleted, 'notes.forget', async (tx, { payload }) =>
        tx.write(build.deleteFrom('notes.notes').where('organization_id', '=', payload.organizationId)),
      ),
    ],
  }),
});

/** The migration. */
export const NOTES = `
  create schema notes;
  create table notes.notes (
    id uuid primary key,
    organization_id uuid not null references organizations.organizations (id),
    text text not null
  );
  create index notes_organization on notes.notes (organization_id, id);
  grant usage on schema notes to plinth_app; grant select, insert, update, delete on notes.notes to plinth_app`;
