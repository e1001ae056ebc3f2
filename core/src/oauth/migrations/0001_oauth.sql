create schema oauth;

-- Who someone is elsewhere. Told apart by issuer and subject, never by address (B49).
create table oauth.identities (
  factor_id uuid primary key references auth.factors (id) on delete cascade,
  user_id uuid not null references users.users (id),
  provider text not null,
  issuer text not null,
  subject text not null,
  -- As the provider last told it; nothing is decided by it.
  email text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  constraint identities_issuer check (length(issuer) between 1 and 2000),
  constraint identities_subject_length check (length(subject) between 1 and 255)
);
create unique index identities_subject on oauth.identities (issuer, subject);
create index identities_user on oauth.identities (user_id);

-- Someone on their way to a provider and back: good once, for one provider, in the browser that began (B53).
create table oauth.flows (
  state_hash bytea primary key,
  flow_hash bytea not null,
  provider text not null,
  redirect_uri text not null,
  return_to text not null,
  -- Whose account is being linked, and the session that asked; null where someone signs in (B51).
  user_id uuid,
  session_id uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '10 minutes',
  constraint flows_hashes check (length(state_hash) = 32 and length(flow_hash) = 32),
  constraint flows_link check ((user_id is null) = (session_id is null))
);
create index flows_expired on oauth.flows (expires_at);
