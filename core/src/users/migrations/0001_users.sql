create schema users;

create table users.users (
  id uuid primary key,
  email text not null,
  email_normalized text not null,
  display_name text not null,
  status text not null default 'active',
  locale text,
  time_zone text,
  email_verified_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint users_status check (status in ('active', 'suspended', 'deleted')),
  constraint users_deleted check ((status = 'deleted') = (deleted_at is not null)),
  -- What looks the same is the same (B66): the application normalises, the database does not believe it.
  constraint users_email_normalized check (email_normalized = lower(normalize(email, nfkc)) and email_normalized = btrim(email_normalized)),
  constraint users_email_length check (length(email) between 3 and 254),
  constraint users_display_name check (length(display_name) between 1 and 100),
  constraint users_version check (version > 0)
);

-- Among live users only: an address is free again once its user was deleted.
create unique index users_email_live on users.users (email_normalized) where status <> 'deleted';
create index users_email on users.users (email_normalized);
create index users_created on users.users (created_at, id);
