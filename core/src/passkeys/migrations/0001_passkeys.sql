create schema passkeys;

create table passkeys.credentials (
  factor_id uuid primary key references auth.factors (id) on delete cascade,
  user_id uuid not null references users.users (id),
  credential_id text not null,
  public_key bytea not null,
  -- What the authenticator counted at its last use; 0 where it does not count.
  counter bigint not null,
  transports text[] not null,
  aaguid text not null,
  backed_up boolean not null,
  label text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  constraint credentials_id_length check (length(credential_id) between 1 and 1400),
  constraint credentials_label check (length(label) between 1 and 100),
  constraint credentials_counter check (counter >= 0)
);
create unique index credentials_id on passkeys.credentials (credential_id);
create index credentials_user on passkeys.credentials (user_id);

-- A challenge that waits for its answer: good for one ceremony of one kind, in one session or sign-in (B45).
create table passkeys.ceremonies (
  challenge_hash bytea primary key,
  kind text not null,
  -- The session, or the hashed challenge of the sign-in, that began it; empty where anybody may.
  bound_to text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '5 minutes',
  constraint ceremonies_hash check (length(challenge_hash) = 32),
  constraint ceremonies_kind check (kind in ('register', 'enrol', 'sign-in', 'second', 'step-up'))
);
create index ceremonies_expired on passkeys.ceremonies (expires_at);
