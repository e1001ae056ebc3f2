-- Beside the store's own product table, which every hand-written server and both peers run on: sessions to refresh, and for the server that
-- writes the same rows as Plinth by hand, a fact table and a claim table like Plinth's own.
create table sessions (
  id uuid primary key,
  token_hash bytea not null,
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days'
);
create schema log;
create table log.outbox (
  seq bigint generated always as identity primary key,
  id uuid not null,
  name text not null,
  occurred_at timestamptz not null default clock_timestamp(),
  actor uuid,
  impersonator uuid,
  session uuid,
  organization uuid,
  subject text[] not null,
  operation text,
  request_id text,
  trace_id text,
  decision_id text,
  outcome text not null,
  reason text,
  payload jsonb not null,
  changes jsonb
);
create table log.claims (
  caller uuid not null,
  method text not null,
  path text not null,
  key text not null,
  fingerprint text not null,
  status smallint not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (caller, method, path, key)
);
