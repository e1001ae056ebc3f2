create schema projects;

-- Who is a member, and as what, stands in access.assignments (scope 'project') and nowhere else.
create table projects.projects (
  id uuid primary key,
  slug text not null collate "C",
  name text not null,
  description text not null default '',
  visibility text not null default 'private',
  archived_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  search tsvector not null generated always as (
    setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', slug), 'B') || setweight(to_tsvector('simple', description), 'C')
  ) stored,
  constraint projects_slug_key unique (slug),
  constraint projects_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 64),
  constraint projects_name_length check (char_length(name) between 1 and 100),
  constraint projects_description_length check (char_length(description) <= 5000),
  constraint projects_visibility check (visibility in ('private', 'internal', 'public')),
  constraint projects_version_positive check (version > 0)
);

-- One index for each order that a list may have; the id makes each order total.
create index projects_newest on projects.projects (created_at desc, id desc);
create index projects_updated on projects.projects (updated_at desc, id desc);
create index projects_name on projects.projects (name, id);
create index projects_search on projects.projects using gin (search);

-- Whoever was invited by address and has not joined. No member reads it: it would tell who has an account here.
create table projects.invitations (
  project_id uuid not null references projects.projects (id) on delete cascade,
  user_id uuid not null references users.users (id),
  role text not null,
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (project_id, user_id),
  constraint invitations_role check (role in ('viewer', 'editor', 'owner'))
);
create index invitations_user on projects.invitations (user_id);
create index invitations_created on projects.invitations (created_at);
