create schema passwordless;

-- A code that was mailed. Neither it nor the flow's token stands here: the one is derived from the id and a key that is not in
-- the database, the other is hashed.
create table passwordless.codes (
  id uuid primary key,
  flow_hash bytea not null,
  user_id uuid not null references users.users (id),
  guesses integer not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '10 minutes',
  constraint codes_flow_length check (length(flow_hash) = 32),
  constraint codes_guesses check (guesses between 0 and 5)
);
create unique index codes_flow on passwordless.codes (flow_hash);
create index codes_user on passwordless.codes (user_id, created_at);
create index codes_expired on passwordless.codes (expires_at);
