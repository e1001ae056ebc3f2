create schema organizations;

-- Who is a member, and as what, stands in access.assignments (scope 'organization') and nowhere else.
create table organizations.organizations (
  id uuid primary key,
  name text not null,
  -- Members at most, pending invitations included when someone is invited.
  seats integer not null default 100,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The row stays, for what others wrote about the id.
  deleted_at timestamptz,
  constraint organizations_name check (length(name) between 1 and 100),
  constraint organizations_seats check (seats between 1 and 1000000),
  constraint organizations_version check (version > 0)
);

create table organizations.invitations (
  id uuid primary key,
  organization_id uuid not null references organizations.organizations (id),
  email text not null,
  email_normalized text not null,
  roles text[] not null,
  -- The token is derived from the id and stored hashed only.
  token_hash bytea not null,
  invited_by uuid not null references users.users (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days',
  -- Accepted, revoked or replaced. The row stays until it expires, so that mails to one address are counted.
  ended_at timestamptz,
  sent_at timestamptz,
  constraint invitations_email check (length(email) between 3 and 254),
  constraint invitations_roles check (cardinality(roles) between 1 and 10),
  constraint invitations_hash check (length(token_hash) = 32)
);
create unique index invitations_pending on organizations.invitations (organization_id, email_normalized) where ended_at is null;
create unique index invitations_token on organizations.invitations (token_hash);
create index invitations_address on organizations.invitations (email_normalized);
create index invitations_expired on organizations.invitations (expires_at);
