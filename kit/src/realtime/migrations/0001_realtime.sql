-- Who is where. Unlogged: it is written down so that nodes can count together, and a crash of Postgres may forget it.
create schema realtime;

create unlogged table realtime.nodes (
  id uuid primary key,
  seen_at timestamptz not null default now()
);

create unlogged table realtime.members (
  channel text not null,
  user_id text not null,
  node uuid not null,
  primary key (channel, user_id, node)
);
create index members_node on realtime.members (node);
