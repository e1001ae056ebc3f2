create schema documents;
create table documents.documents (
  id uuid primary key,
  folder_id uuid not null,
  title text not null,
  body text not null,
  created_at timestamptz not null
);
create index documents_created on documents.documents (created_at desc, id desc);
-- What is seen, and in which order, without a look at the rows.
create index documents_listed on documents.documents (id) include (created_at);
create index documents_folder on documents.documents (folder_id);
create table documents.shares (
  user_id uuid not null,
  document_id uuid not null references documents.documents (id),
  primary key (user_id, document_id)
);
