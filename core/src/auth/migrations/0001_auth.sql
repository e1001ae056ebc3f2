create schema auth;

create table auth.credentials (
  user_id uuid primary key references users.users (id),
  password_hash text not null,
  version integer not null default 1,
  changed_at timestamptz not null default now(),
  constraint credentials_hash check (password_hash like '$argon2id$%')
);

-- Who asked for an account and has not proved the address. Also rows for addresses that have an account: the request
-- must not know the difference, the job that mails does. No password: who asks has proved nothing yet.
create table auth.registrations (
  id uuid primary key,
  email text not null,
  email_normalized text not null,
  display_name text not null,
  token_hash bytea,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '24 hours',
  sent_at timestamptz,
  constraint registrations_expiry check (expires_at > created_at),
  constraint registrations_token_length check (length(token_hash) = 32)
);
create unique index registrations_token on auth.registrations (token_hash);
create index registrations_email on auth.registrations (email_normalized, sent_at);
create index registrations_expired on auth.registrations (expires_at);

-- One session is one family of refresh tokens. Tokens are derived from family_secret, refresh_counter and a key that is
-- not in the database, so nothing here can be presented to the server (B19).
create table auth.sessions (
  id uuid primary key,
  user_id uuid not null references users.users (id),
  factors text[] not null,
  delivery text not null,
  address text,
  user_agent text,
  family_secret bytea not null,
  refresh_counter integer not null default 0,
  -- When the last eight tokens were rotated, newest first.
  rotated_at timestamptz[] not null default '{}',
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  proved_at timestamptz not null default now(),
  idle_expires_at timestamptz not null,
  absolute_expires_at timestamptz not null,
  ended_at timestamptz,
  ended_because text,
  constraint sessions_delivery check (delivery in ('body', 'cookie')),
  constraint sessions_factors check (cardinality(factors) > 0),
  constraint sessions_secret check (length(family_secret) = 32),
  constraint sessions_counter check (refresh_counter >= 0),
  constraint sessions_ended check ((ended_at is null) = (ended_because is null)),
  constraint sessions_expiry check (idle_expires_at <= absolute_expires_at)
);
-- No column here changes at a refresh, so a refresh stays a heap-only update.
create index sessions_live on auth.sessions (user_id) where ended_at is null;

-- What every node reads twice a second. clock_timestamp: a row counts from when it was written, not from its transaction's begin.
create table auth.revoked (
  id bigint generated always as identity primary key,
  session_id uuid,
  user_id uuid,
  at timestamptz not null default clock_timestamp(),
  constraint revoked_one check (num_nonnulls(session_id, user_id) = 1)
);
create index revoked_at on auth.revoked (at);

create table auth.signing_keys (
  kid text primary key,
  algorithm text not null default 'EdDSA',
  public_key jsonb not null,
  -- Encrypted with a key derived from the server's secret.
  private_key text not null,
  signs_from timestamptz not null default now(),
  -- Null: until another key follows.
  verifies_until timestamptz,
  created_at timestamptz not null default now(),
  constraint signing_keys_algorithm check (algorithm = 'EdDSA')
);
