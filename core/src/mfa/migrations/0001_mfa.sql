create schema mfa;

-- Begun and not confirmed: it neither asks for a code at sign-in nor answers one (B40). One a user.
create table mfa.enrolments (
  user_id uuid primary key references users.users (id),
  -- Encrypted with a key derived from the server's secret.
  secret text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '15 minutes'
);
create index enrolments_expired on mfa.enrolments (expires_at);

create table mfa.totp (
  factor_id uuid primary key references auth.factors (id) on delete cascade,
  user_id uuid not null references users.users (id),
  secret text not null,
  -- The newest time step that a code was accepted for: no code works for it again, nor an older one (B29).
  last_step bigint not null,
  last_used_at timestamptz not null default now(),
  constraint totp_step check (last_step > 0)
);
create unique index totp_user on mfa.totp (user_id);

-- 120 random bits each, so a plain hash is enough (ASVS 6.5.2).
create table mfa.recovery_codes (
  user_id uuid not null references users.users (id),
  code_hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (user_id, code_hash),
  constraint recovery_codes_hash check (length(code_hash) = 32)
);
