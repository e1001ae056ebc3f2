-- A permission, or a pattern of them, given to one person: everywhere, or inside one project, one organization, one document.
create table access.grants (
  id uuid primary key,
  user_id uuid not null references users.users (id),
  permission text collate "C" not null check (length(permission) between 1 and 200),
  -- Null: everywhere.
  scope_type text collate "C" check (length(scope_type) between 1 and 64),
  scope_id uuid,
  expires_at timestamptz,
  granted_by uuid,
  reason text check (length(reason) <= 500),
  created_at timestamptz not null default now(),
  constraint grants_scope_whole check ((scope_type is null) = (scope_id is null)),
  constraint grants_expires_later check (expires_at > created_at),
  -- In this order, so that "the scopes of this type inside which they hold this" is one walk along the index.
  constraint grants_once unique nulls not distinct (user_id, scope_type, permission, scope_id)
);
-- Who can reach this document? Most documents have no grant of their own.
create index grants_scope_idx on access.grants (scope_id, scope_type) where scope_id is not null;
create index grants_expires_at_idx on access.grants (expires_at) where expires_at is not null;

create or replace function access.holds(who uuid, patterns text[]) returns boolean
  language sql stable parallel safe
as $$
  select exists (select from access.role_permissions p where p.role in (select access.roles_of(who)) and p.permission = any (patterns))
    or exists (
      select from access.grants g
      where g.user_id = who and g.scope_type is null and g.permission = any (patterns) and (g.expires_at is null or g.expires_at > now())
    )
$$;

create or replace function access.scopes(who uuid, patterns text[], type text) returns setof uuid
  language sql stable parallel safe
as $$
  select a.scope_id
  from access.assignments a
  where a.user_id = who and a.scope_type = type collate "C" and (a.expires_at is null or a.expires_at > now())
    and exists (select from access.role_permissions p where p.role = a.role and p.permission = any (patterns))
  union
  select g.scope_id
  from access.grants g
  where g.user_id = who and g.scope_type = type collate "C" and g.permission = any (patterns) and (g.expires_at is null or g.expires_at > now())
$$;
