create schema if not exists http;

-- One row for each execution under an Idempotency-Key. Its id is the SHA-256 of caller, method, path and key: paths are longer
-- than an index entry may be, and a key in the clear would be one more thing to leak.
create table http.claims (
  id           text primary key,
  caller       text not null,
  operation    text not null,
  fingerprint  text not null,
  -- null while it runs
  status       smallint,
  type         text,
  headers      jsonb,
  body         text,
  -- its reply held a secret, so nothing of it was stored
  withheld     boolean not null default false,
  -- grows each time the claim changes hands: a late holder cannot finish
  fence        bigint not null default 1,
  -- until when an execution that opens its own transactions is taken to be alive; null: it lives in one transaction
  leased_until timestamptz,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null
);
create index claims_expires_at on http.claims (expires_at);
