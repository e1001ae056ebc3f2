-- What pg-boss does not keep for us: its jobs live in its own schema.
create schema queue;

-- A schedule that a release declares. The row's lock is the right to fire; `covered_until` never goes back, whatever a clock does.
create table queue.schedules (
  job text not null,
  key text not null,
  cron text not null,
  timezone text not null,
  payload jsonb not null,
  missed text not null constraint schedules_missed check (missed in ('once', 'each', 'skip')),
  -- Every time up to this one has had its turn.
  covered_until timestamptz not null,
  next_at timestamptz not null constraint schedules_ahead check (next_at > covered_until),
  last_at timestamptz,
  last_job uuid,
  primary key (job, key)
);
create index schedules_due on queue.schedules (next_at);

create table queue.paused (
  job text primary key,
  paused_at timestamptz not null default now()
);

-- Starts within the window of a job that has a rate.
create table queue.rates (
  job text primary key,
  started timestamptz[] not null
);

-- Jobs whose worker died under them, and how often they were begun alone since.
create table queue.suspects (
  job text not null,
  id uuid not null,
  begun int not null,
  since timestamptz not null default now(),
  primary key (job, id)
);
create index suspects_since on queue.suspects (since);
