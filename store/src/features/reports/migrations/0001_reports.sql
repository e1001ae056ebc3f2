create schema reports;

create table reports.reports (
  id uuid primary key,
  owner_id uuid not null references users.users (id),
  kind text not null,
  format text not null,
  -- The time that it is about; null: without a bound.
  from_at timestamptz,
  to_at timestamptz,
  -- Whose rows are in it: everybody's, or those of its owner.
  everybody boolean not null,
  state text not null default 'waiting',
  job_id uuid not null,
  -- Grows with each run: what an older one still writes is refused.
  run integer not null default 0,
  percent integer not null default 0,
  row_count bigint not null default 0,
  byte_count bigint not null default 0,
  -- Pieces of the file, numbered from 0.
  piece_count integer not null default 0,
  failure text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- When the file goes.
  expires_at timestamptz,
  constraint reports_kind check (kind in ('sales', 'inventory')),
  constraint reports_format check (format in ('csv')),
  constraint reports_state check (state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'expired')),
  constraint reports_period check (from_at < to_at),
  constraint reports_percent check (percent between 0 and 100),
  constraint reports_done check (state <> 'done' or (percent = 100 and piece_count > 0 and expires_at is not null)),
  constraint reports_failed check ((state = 'failed') = (failure is not null)),
  constraint reports_finished check ((finished_at is null) = (state in ('waiting', 'running')))
);
create index reports_newest on reports.reports (created_at desc, id desc);
create index reports_owner_newest on reports.reports (owner_id, created_at desc, id desc);
create index reports_unfinished on reports.reports (created_at) where state in ('waiting', 'running');
create index reports_expiring on reports.reports (expires_at) where state = 'done';
create index reports_finished on reports.reports (finished_at) where finished_at is not null;

-- From one state to the next, and never back. A run that is repeated begins anew.
create function reports.check_move() returns trigger language plpgsql as $$
begin
  if not ((old.state = 'waiting' and new.state in ('running', 'failed', 'cancelled'))
    or (old.state = 'running' and new.state in ('done', 'failed', 'cancelled'))
    or (old.state = 'done' and new.state = 'expired')) then
    raise exception 'a report that is % does not become %', old.state, new.state using errcode = '23514', constraint = 'reports_move';
  end if;
  return new;
end $$;
create trigger reports_move before update of state on reports.reports
  for each row when (old.state is distinct from new.state) execute function reports.check_move();

-- Files, in pieces of bounded size, until a service for files takes them.
create table reports.pieces (
  report_id uuid not null references reports.reports (id) on delete cascade,
  number integer not null,
  bytes bytea not null,
  primary key (report_id, number),
  constraint pieces_number check (number >= 0),
  constraint pieces_bytes check (octet_length(bytes) between 1 and 1048576)
);
