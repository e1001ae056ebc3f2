/** A feature of the bench: documents in folders. The same reads stand there twice: for whoever is signed in, and under a rule about rows. */
import {
  allow,
  type Bind,
  type Controller,
  defineError,
  defineFeature,
  defineOperations,
  definePermission,
  type Page,
  paged,
  type PageRequest,
  Paging,
  prepare,
  prepareVisible,
  queryBuilder,
} from '@plinth/kit';
import { type SelectQueryBuilder, sql } from 'kysely';
import { z } from 'zod';

interface Document {
  id: string;
  folderId: string;
  title: string;
  body: string;
  createdAt: string;
}
interface Tables {
  'documents.shares': { user_id: string; document_id: string };
  'documents.documents': { id: string; folder_id: string; title: string; body: string; created_at: string };
}

// ---- Contract

const Document = z.strictObject({ id: z.uuid(), folderId: z.uuid(), title: z.string(), body: z.string(), createdAt: z.string() });
const DocumentId = z.strictObject({ documentId: z.uuid() });
const DocumentNotFound = defineError('DOCUMENT_NOT_FOUND', 404, 'There is no such document');
const readDocuments = definePermission('documents:read', 'See documents', []);
/** A document is seen by who holds the permission in its folder… */
const inFolder = allow(readDocuments, { scope: 'folder' });
/** …and is listed for those to whom it was given by itself. */
const given = allow(readDocuments, { scope: 'document' });

const operations = defineOperations({
  get: { method: 'GET', path: '/documents/:documentId', summary: 'Scoped', access: inFolder, params: DocumentId, reply: Document, errors: [DocumentNotFound] }, // prettier-ignore
  getPlain: { method: 'GET', path: '/plain/documents/:documentId', summary: 'Signed in', access: 'signed-in', params: DocumentId, reply: Document, errors: [DocumentNotFound] }, // prettier-ignore
  list: { method: 'GET', path: '/documents', summary: 'Scoped', access: given, query: Paging, reply: paged(Document) },
  listPlain: {
    method: 'GET',
    path: '/plain/documents',
    summary: 'Shares by hand',
    access: 'signed-in',
    query: Paging,
    reply: paged(Document),
  },
  plan: {
    method: 'GET',
    path: '/plan/documents',
    summary: 'The plan of the scoped list',
    access: given,
    reply: z.strictObject({ plan: z.string() }),
  },
});

// ---- Statements

const build = queryBuilder<Tables>();
const from = build.selectFrom('documents.documents');
const columns = ['id', 'folder_id as folderId', 'title', 'body', 'created_at as createdAt'] as const;
type Window = { limit: number; offset: number };
type Counted = Document & { total: number | null };

const find = prepare<{ id: string }>()((bind) => from.select(columns).where('id', '=', bind('id')));
const findVisible = prepareVisible<{ id: string }>()((bind, visible) =>
  from
    .select(columns)
    .where('id', '=', bind('id'))
    .where(visible.where({ scope: 'documents.documents.folder_id', single: true })),
);
/** Who sees few of many rows sees them in one pass: their ids and what orders them, from an index alone; then the page of whole rows, and the total. */
const pageOf = (seen: SelectQueryBuilder<Tables, 'documents.documents', { id: string; created_at: string }>, bind: Bind<Window>) =>
  build
    .with(
      (cte) => cte('seen').materialized(),
      () => seen,
    )
    .with('page', (db) =>
      db.selectFrom('seen').select('id').orderBy('created_at', 'desc').orderBy('id', 'desc').limit(bind('limit')).offset(bind('offset')),
    )
    .selectFrom('page')
    .innerJoin('documents.documents as d', 'd.id', 'page.id')
    .select(['d.id', 'd.folder_id as folderId', 'd.title', 'd.body', 'd.created_at as createdAt'])
    .select((eb) =>
      eb
        .selectFrom('seen')
        .select(sql<number>`count(*)`.as('total'))
        .as('total'),
    )
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc');
const keys = ['documents.documents.id', 'documents.documents.created_at'] as const;
/** As one writes it by hand: a table of shares, and a join. */
const pageOfShared = prepare<Window & { user: string }>()((bind) =>
  pageOf(from.innerJoin('documents.shares', 'document_id', 'id').where('user_id', '=', bind('user')).select(keys) as never, bind),
);
const pageOfVisible = prepareVisible<Window>()((bind, visible) =>
  pageOf(from.where(visible.where({ scope: 'documents.documents.id' })).select(keys), bind),
);

const windowOf = (paging: PageRequest): Window => ({
  limit: paging.limit,
  offset: paging.by === 'page' ? (paging.page - 1) * paging.limit : 0,
});
const pageWith = (rows: readonly Counted[]): Page<Document> => ({
  items: rows.map(({ total: _total, ...document }) => document),
  total: rows[0]?.total ?? 0,
});
const existing = (row: Document | undefined): Document => {
  if (!row) throw new DocumentNotFound();
  return row;
};

export const documents = defineFeature({
  name: 'documents',
  contract: { operations, readDocuments, DocumentNotFound },
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db }) {
    const controller: Controller<typeof operations> = {
      get: async ({ caller, params }) => existing(await findVisible.first(db.lane, caller.visible(inFolder), { id: params.documentId })),
      getPlain: async ({ params }) => existing(await find.first(db.lane, { id: params.documentId })),
      list: async ({ caller, paging }) => pageWith(await pageOfVisible.all(db, caller.visible(given), windowOf(paging))),
      listPlain: async ({ caller, paging }) => pageWith(await pageOfShared.all(db, { user: caller.userId, ...windowOf(paging) })),
      plan: async ({ caller }) => {
        const { text, values } = pageOfVisible.with(caller.visible(given), { limit: 20, offset: 0 });
        const { rows } = await db.run<{ 'QUERY PLAN': string }>({ text: `explain (analyze, buffers) ${text}`, values });
        return { plan: rows.map((row) => row['QUERY PLAN']).join('\n') };
      },
    };
    return { api: {}, controller };
  },
});
