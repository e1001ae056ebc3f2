-- What a user can prove beside a password. Each row belongs to the feature that verifies it; here, so that the one gate
-- before a session knows of all of them, and the last way in stays.
create table auth.factors (
  id uuid primary key,
  user_id uuid not null references users.users (id),
  kind text not null,
  created_at timestamptz not null default now(),
  constraint factors_kind check (kind in ('totp', 'passkey', 'oauth'))
);
create index factors_user on auth.factors (user_id);
create unique index factors_one_totp on auth.factors (user_id) where kind = 'totp';

-- A sign-in between its first factor and its second. Nothing of it can be used for anything else (B17).
create table auth.challenges (
  id uuid primary key,
  token_hash bytea not null,
  user_id uuid not null references users.users (id),
  -- verify: a second factor is missing. enrol: one must be set up first.
  purpose text not null,
  factors text[] not null,
  delivery text not null,
  -- The session that is proved anew, and ends when this one passes.
  replaces uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '10 minutes',
  constraint challenges_token_length check (length(token_hash) = 32),
  constraint challenges_purpose check (purpose in ('verify', 'enrol')),
  constraint challenges_delivery check (delivery in ('body', 'cookie')),
  constraint challenges_factors check (cardinality(factors) > 0)
);
create unique index challenges_token on auth.challenges (token_hash);
create index challenges_user on auth.challenges (user_id);
create index challenges_expired on auth.challenges (expires_at);

-- Failed proofs, counted per account and per network. The key is a MAC of what was tried: unknown addresses count like known ones.
create table auth.attempts (
  key text primary key,
  failures integer not null default 1,
  failed_at timestamptz not null default now(),
  locked_until timestamptz,
  constraint attempts_failures check (failures > 0)
);
create index attempts_failed on auth.attempts (failed_at);

-- What a mail carried: good once, for one purpose, one user, and the credentials the user had (B27).
create table auth.links (
  id uuid primary key,
  purpose text not null,
  user_id uuid not null references users.users (id),
  token_hash bytea not null,
  credential_version integer not null,
  data jsonb not null default '{}',
  -- Wrong guesses, where the secret is short.
  guesses integer not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint links_token_length check (length(token_hash) = 32),
  constraint links_expiry check (expires_at > created_at)
);
create unique index links_token on auth.links (purpose, token_hash);
create index links_user on auth.links (user_id, purpose, created_at);
create index links_expired on auth.links (expires_at);

alter table auth.sessions
  add column place text,
  add column impersonator_id uuid references users.users (id),
  add column impersonation_reason text,
  add constraint sessions_impersonation check ((impersonator_id is null) = (impersonation_reason is null)),
  add constraint sessions_no_self_impersonation check (impersonator_id <> user_id);
create index sessions_impersonator on auth.sessions (impersonator_id) where impersonator_id is not null and ended_at is null;
