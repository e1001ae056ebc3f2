-- The event log. A fact is written once, into log.outbox, by the transaction that it tells of. log.advance gives it its place.
create schema log;

create function log.fits(texts text[]) returns boolean language sql immutable
  return coalesce((select max(octet_length(t)) from unnest(texts) t), 0) <= 1000;

create table log.outbox (
  -- A name drawn before the commit; it is no order.
  seq bigint generated always as identity primary key,
  id uuid not null,
  name text not null,
  occurred_at timestamptz not null default clock_timestamp(),
  actor text,
  impersonator text,
  session text,
  organization text,
  key text,
  job text,
  subject_type text,
  subject_id text,
  operation text not null,
  request_id text not null,
  trace_id text,
  decision_id text,
  outcome text not null constraint outbox_outcome check (outcome in ('success', 'refused', 'failed')),
  reason text,
  payload jsonb not null,
  changes jsonb,
  -- sha256(salt || data) of the row in log.personal: the data can be erased, the seal stays.
  personal_hash bytea,
  channels text[],
  tags text[],
  -- What no index of log.events or log.channel_entries can hold must not get in: log.advance could not move it, nor what is behind it.
  constraint outbox_indexable check (
    octet_length(name) <= 200 and octet_length(actor) <= 1000 and octet_length(subject_type) <= 200 and octet_length(subject_id) <= 1000
    and octet_length(organization) <= 1000 and octet_length(request_id) <= 1000 and (channels is null or log.fits(channels)))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

create table log.events (
  position bigint primary key,
  leaf bytea not null,
  seq bigint not null constraint events_seq unique,
  id uuid not null constraint events_id unique,
  name text not null,
  occurred_at timestamptz not null,
  actor text,
  impersonator text,
  session text,
  organization text,
  key text,
  job text,
  subject_type text,
  subject_id text,
  operation text not null,
  request_id text not null,
  trace_id text,
  decision_id text,
  outcome text not null,
  reason text,
  payload jsonb not null,
  changes jsonb,
  personal_hash bytea,
  channels text[],
  tags text[]
);
create index events_actor on log.events (actor, position) where actor is not null;
create index events_subject on log.events (subject_type, subject_id, position) where subject_id is not null;
create index events_organization on log.events (organization, position) where organization is not null;
create index events_name on log.events (name text_pattern_ops, position);
create index events_request on log.events (request_id);
-- Rows come in the order of time, nearly: a few bytes a megabyte answer a time range.
create index events_occurred on log.events using brin (occurred_at) with (pages_per_range = 32);

create table log.cursor (
  one boolean primary key default true constraint cursor_one check (one),
  position bigint not null,
  chain bytea not null
);
insert into log.cursor (position, chain) values (0, sha256('plinth log'));

-- chain = sha256(chain of the batch before || leaves in order)
create table log.batches (
  last_position bigint primary key,
  count int not null constraint batches_count check (count > 0),
  chain bytea not null,
  sealed_at timestamptz not null default clock_timestamp()
);

create table log.personal (
  seq bigint primary key,
  user_id text,
  salt bytea not null,
  data text not null
);
create index personal_user on log.personal (user_id) where user_id is not null;

create table log.handled (
  handler text not null,
  fact_id uuid not null,
  handled_at timestamptz not null default now(),
  primary key (handler, fact_id)
);
create index handled_at on log.handled using brin (handled_at);

-- What sockets resume from; kept 24 hours.
create table log.channel_entries (
  channel text not null,
  position bigint not null,
  written_at timestamptz not null default now(),
  primary key (channel, position)
);
create index channel_entries_written on log.channel_entries using brin (written_at);

-- One field of the sealed text: its length in bytes, then itself, so that no two rows give one text.
create function log.field(value text) returns text language sql immutable
  return coalesce(octet_length(value) || ':' || value, '-') || ',';

-- What a leaf is the hash of: every field, in this order. log/seal.ts says the same in TypeScript.
create function log.canonical(fact log.outbox, place bigint) returns bytea language sql stable
  return convert_to(
    log.field(place::text) || log.field((fact).seq::text) || log.field((fact).id::text) || log.field((fact).name)
    || log.field(to_char((fact).occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || log.field((fact).actor) || log.field((fact).impersonator) || log.field((fact).session) || log.field((fact).organization)
    || log.field((fact).key) || log.field((fact).job) || log.field((fact).subject_type) || log.field((fact).subject_id)
    || log.field((fact).operation) || log.field((fact).request_id) || log.field((fact).trace_id) || log.field((fact).decision_id)
    || log.field((fact).outcome) || log.field((fact).reason) || log.field((fact).payload::text) || log.field((fact).changes::text)
    || log.field(encode((fact).personal_hash, 'hex')) || log.field(to_jsonb((fact).channels)::text) || log.field(to_jsonb((fact).tags)::text),
    'UTF8');

-- Moves up to n visible facts into the log and returns them. Nothing when another node is at it: it does not queue.
create function log.advance(n int) returns setof log.events
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  head log.cursor;
begin
  if n is null or n not between 1 and 10000 then
    raise exception 'log.advance: n must be from 1 to 10000' using errcode = '22023';
  end if;
  select * into head from log.cursor for update skip locked;
  if not found then
    return;
  end if;
  perform set_config('plinth.log_writer', 'advance', true);
  return query
  with taken as (
    delete from log.outbox o where o.seq in (select w.seq from log.outbox w order by w.seq limit n) returning o as fact
  ), fresh as (
    -- An id counts once: a write that is repeated because its answer was lost must neither be told twice nor stop the log.
    select distinct on ((t.fact).id) t.fact from taken t where not exists (select 1 from log.events e where e.id = (t.fact).id) order by (t.fact).id, (t.fact).seq
  ), numbered as (
    select f.fact, head.position + row_number() over (order by (f.fact).seq) as place from fresh f
  ), placed as (
    insert into log.events
    select place, sha256(log.canonical(fact, place)), (fact).seq, (fact).id, (fact).name, (fact).occurred_at, (fact).actor, (fact).impersonator,
      (fact).session, (fact).organization, (fact).key, (fact).job, (fact).subject_type, (fact).subject_id, (fact).operation, (fact).request_id,
      (fact).trace_id, (fact).decision_id, (fact).outcome, (fact).reason, (fact).payload, (fact).changes, (fact).personal_hash, (fact).channels, (fact).tags
    from numbered order by place
    returning *
  ), sealed as (
    insert into log.batches (last_position, count, chain)
    select max(p.position), count(*), sha256(head.chain || string_agg(p.leaf, ''::bytea order by p.position)) from placed p having count(*) > 0
    returning last_position, chain
  ), moved as (
    update log.cursor c set position = s.last_position, chain = s.chain from sealed s
  )
  select * from placed p order by p.position;
  perform set_config('plinth.log_writer', '', true);
end $$;

-- Forgets the address, user agent and personal fields of every fact about this user. The chain holds: rows keep only hashes.
create function log.erase_personal(about text) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  erased bigint;
begin
  perform set_config('plinth.log_writer', 'erase_personal', true);
  delete from log.personal where user_id = about;
  get diagnostics erased = row_count;
  perform set_config('plinth.log_writer', '', true);
  return erased;
end $$;

-- The grants below already say no to the application. This says it to the owner too, who could do it by mistake.
create function log.refuse_change() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('plinth.log_writer', true), '') = any (tg_argv)
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return null;
  end if;
  raise exception 'log.% is append-only', tg_table_name using errcode = '42501';
end $$;
-- Statement triggers: they refuse before any row is looked at, and TRUNCATE has no other kind.
create trigger append_only before update or delete or truncate on log.outbox for each statement execute function log.refuse_change('advance');
create trigger append_only before update or delete or truncate on log.events for each statement execute function log.refuse_change();
create trigger append_only before update or delete or truncate on log.batches for each statement execute function log.refuse_change();
create trigger append_only before update or delete or truncate on log.cursor for each statement execute function log.refuse_change('advance');
create trigger append_only before update or delete or truncate on log.personal for each statement execute function log.refuse_change('erase_personal');

revoke all on all functions in schema log from public;
