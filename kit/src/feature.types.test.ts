import { expect, test } from 'vitest';
import { z } from 'zod';
import { allow, defineEvent, definePermission } from './definitions.ts';
import { assemble, createCatalog, defineFeature, handle, type AnyFeature } from './feature.ts';
import type { Kit } from './kit.ts';
import { defineOperations, paged, Paging, type Controller } from './operation.ts';
import type { EventLog } from './log/log.ts';
import type { Caller } from './caller.ts';
import type { Database } from './database/database.ts';
import type { Tx } from './database/transaction.ts';

// Mistakes that must not compile. Each `@ts-expect-error` is itself an error once the mistake below it compiles: `npm run types` tells.

const readNotes = definePermission('notes:read', 'See notes');
const noteWritten = defineEvent('notes.written', z.object({ noteId: z.uuid() }), { title: 'Note written' });
const Note = z.object({ id: z.uuid(), text: z.string() });
const operations = defineOperations({
  list: { method: 'GET', path: '/notes', summary: 'List notes', access: allow(readNotes), query: Paging, reply: paged(Note) },
  get: {
    method: 'GET',
    path: '/notes/:noteId',
    summary: 'Get a note',
    access: 'public',
    params: z.object({ noteId: z.uuid() }),
    reply: Note,
  },
});
const note = { id: 'n', text: 't' };
const good: Controller<typeof operations> = {
  list: () => ({ items: [note], total: 1 }),
  get: ({ params }) => ({ ...note, id: params.noteId }),
};

class NotesService {
  count(): number {
    return 1;
  }
  forgetAll(): void {}
}
const notes = defineFeature({
  name: 'notes',
  contract: { readNotes, noteWritten, operations },
  setup: () => ({ api: new NotesService() as Pick<NotesService, 'count'>, controller: good }),
});

// 1. An operation without `access`: nobody decided who may call it.
export const undecided = defineOperations({
  // @ts-expect-error access is missing
  get: { method: 'GET', path: '/notes', summary: 'Get notes' },
});

// 2. A handler that is missing, and one too many.
// @ts-expect-error get is missing
export const missing: Controller<typeof operations> = { list: good.list };
// @ts-expect-error remove is no operation
export const extra: Controller<typeof operations> = { ...good, remove: () => undefined };

// 3. A reply of another shape.
// @ts-expect-error text is a string
export const wrongReply: Controller<typeof operations> = { ...good, get: () => ({ id: 'n', text: 1 }) };
// @ts-expect-error a page has items
export const wrongPage: Controller<typeof operations> = { ...good, list: () => [note] };

// 4. An event with another payload, where it is published and where it is handled.
export const publishes = async (log: EventLog, tx: Tx, caller: Caller): Promise<void> => {
  await log.publish(tx, caller, noteWritten, { noteId: 'n' });
  // @ts-expect-error the payload has noteId
  await log.publish(tx, caller, noteWritten, { noteID: 'n' });
};
// @ts-expect-error the payload has noteId
export const handles = handle(noteWritten, 'notes.count', async (_tx, { payload }) => void payload.noteID);

// 5. A private method of another feature.
export const nosy = defineFeature({
  name: 'nosy',
  needs: { notes },
  setup: (_kit, needs) => {
    needs.notes.count();
    // @ts-expect-error forgetAll is not part of the api
    needs.notes.forgetAll();
    return { api: {} };
  },
});

// 6. Operations without a controller.
export const headless: AnyFeature = defineFeature({
  name: 'headless',
  contract: { operations: defineOperations({ get: { method: 'GET', path: '/headless', summary: 'Get', access: 'public' } }) },
  // @ts-expect-error controller is missing
  setup: () => ({ api: {} }),
});

// And what else the types are there for.
export const dualWrites = async (log: EventLog, db: Database, caller: Caller): Promise<void> => {
  // @ts-expect-error a fact is written by an open transaction only
  await log.publish(db, caller, noteWritten, { noteId: 'n' });
};
export const readsOnly: Controller<typeof operations> = {
  ...good,
  // @ts-expect-error a safe operation has no transaction
  get: ({ tx }) => tx.run({ text: 'select 1', values: [] }),
};
// @ts-expect-error 302 is no status of success
export const redirected = defineOperations({ get: { method: 'GET', path: '/x', summary: 'x', access: 'public', status: 302 } });
// @ts-expect-error errors are classes made by defineError
export const named = defineOperations({ get: { method: 'GET', path: '/x', summary: 'x', access: 'public', errors: ['NOT_FOUND'] } });

test('what compiles by a cast still does not boot', () => {
  const without = defineFeature({
    name: 'without',
    contract: { operations: { get: { method: 'GET', path: '/x', summary: 'x' } as never } },
    setup: () => ({ api: {} }) as never,
  });
  expect(() => createCatalog([without])).toThrow('operation without.get declares no access');
  expect(() => assemble(createCatalog([headless]), {} as Kit)).toThrow(`feature 'headless' has no handler for: get`);
});
