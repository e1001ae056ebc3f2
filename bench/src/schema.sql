-- What every hand-written server and both peers run on: the product table of the store, and for the server that
-- writes the same rows as Plinth by hand, a fact table and a claim table like Plinth's own.
create table products (
  id uuid primary key,
  sku text not null unique,
  name text not null,
  description text not null,
  category text not null,
  price_amount bigint not null check (price_amount >= 0),
  price_currency char(3) not null,
  stock int not null check (stock >= 0),
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index products_newest on products (category, created_at desc, id desc);

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
