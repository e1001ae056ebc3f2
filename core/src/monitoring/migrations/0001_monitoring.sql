create schema monitoring;

-- What each node did, some seconds a row. Unlogged: it is worth nothing after an hour, and a crash of Postgres may forget it.
create unlogged table monitoring.samples (
  node uuid not null,
  at timestamptz not null default now(),
  -- What the counts of this row are of: the time since the row before.
  seconds real not null,
  -- Replies by how long they took, and by the first digit of their status.
  buckets int[] not null,
  classes int[] not null,
  loop_delay_ms real not null,
  memory_bytes bigint not null,
  heap_bytes bigint not null,
  connections int not null,
  subscriptions int not null,
  pool_used int not null,
  pool_waiting int not null,
  pool_max int not null,
  host text not null,
  process int not null,
  roles text[] not null,
  version text not null,
  started_at timestamptz not null,
  -- The node said good-bye with it.
  last boolean not null,
  primary key (node, at),
  constraint samples_seconds check (seconds > 0)
);
create index samples_at on monitoring.samples (at);

-- What belongs to no node, one row in ten seconds: the first node of that time writes it.
create unlogged table monitoring.shared (
  slot bigint primary key,
  ready int not null,
  running int not null,
  dead int not null,
  oldest_seconds real not null,
  lag_facts int not null,
  lag_seconds real not null
);
