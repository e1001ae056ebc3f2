create schema api_keys;

create table api_keys.keys (
  id uuid primary key,
  user_id uuid not null references users.users (id),
  label text not null,
  -- Grants, in the grammar of roles: what of its owner's the key may do.
  scopes text[] not null,
  -- 256 random bits: a plain hash is enough.
  secret_hash bytea not null,
  -- The secret before the last rotation, while it still works.
  previous_hash bytea,
  previous_until timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint keys_label check (length(label) between 1 and 100),
  constraint keys_scopes check (cardinality(scopes) between 1 and 100),
  constraint keys_hash check (length(secret_hash) = 32 and (previous_hash is null or length(previous_hash) = 32)),
  constraint keys_previous check ((previous_hash is null) = (previous_until is null)),
  constraint keys_expires_later check (expires_at > created_at)
);
create index keys_user on api_keys.keys (user_id, created_at);
