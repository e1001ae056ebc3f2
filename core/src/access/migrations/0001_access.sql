create schema access;

-- Names compare byte by byte, in every locale and in memory alike: 'Admin' is not 'admin'.
create table access.roles (
  name text collate "C" primary key check (length(name) between 1 and 64),
  title text not null check (length(title) between 1 and 200),
  -- Made here; cannot be deleted.
  system boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now()
);

-- What a role grants: a permission, or a pattern with '*' for whole segments. A row outside that grammar equals no pattern
-- of any permission, so it grants nothing; the server names it when it starts.
create table access.role_permissions (
  role text collate "C" not null references access.roles (name) on delete cascade,
  permission text collate "C" not null check (length(permission) between 1 and 200),
  primary key (role, permission)
);

-- Which permissions declared in code were handed to their roles once: what an administrator takes away stays away.
create table access.seeded (
  permission text collate "C" not null,
  role text collate "C" not null,
  primary key (permission, role)
);

create table access.assignments (
  id uuid primary key,
  user_id uuid not null references users.users (id),
  role text collate "C" not null references access.roles (name),
  -- Null: everywhere. Otherwise only inside one project, one organization.
  scope_type text collate "C" check (length(scope_type) between 1 and 64),
  scope_id uuid,
  expires_at timestamptz,
  granted_by uuid,
  reason text check (length(reason) <= 500),
  created_at timestamptz not null default now(),
  constraint assignments_scope_whole check ((scope_type is null) = (scope_id is null)),
  constraint assignments_expires_later check (expires_at > created_at),
  constraint assignments_once unique nulls not distinct (user_id, role, scope_type, scope_id)
);
create index assignments_role_idx on access.assignments (role, id);
create index assignments_expires_at_idx on access.assignments (expires_at) where expires_at is not null;

-- Roles that count for someone everywhere, now. Everybody holds what a guest holds.
create function access.roles_of(who uuid) returns setof text
  language sql stable parallel safe
as $$
  select 'guest' collate "C"
  union
  select a.role from access.assignments a where a.user_id = who and a.scope_type is null and (a.expires_at is null or a.expires_at > now())
$$;

-- Whether someone holds a permission everywhere, now. `patterns` are all grants that would match it.
create function access.holds(who uuid, patterns text[]) returns boolean
  language sql stable parallel safe
as $$
  select exists (select from access.role_permissions p where p.role in (select access.roles_of(who)) and p.permission = any (patterns))
$$;

-- The scopes of one type inside which someone holds a permission, now.
create function access.scopes(who uuid, patterns text[], type text) returns setof uuid
  language sql stable parallel safe
as $$
  select distinct a.scope_id
  from access.assignments a join access.role_permissions p on p.role = a.role
  where a.user_id = who and a.scope_type = type collate "C" and (a.expires_at is null or a.expires_at > now()) and p.permission = any (patterns)
$$;

insert into access.roles (name, title, system) values
  ('guest', 'Anyone, signed in or not', true),
  ('member', 'Signed-in users', true),
  ('admin', 'Administrators', true);
insert into access.role_permissions (role, permission) values ('admin', '*');
