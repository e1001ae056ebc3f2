-- What the log is proved with: signed heads, the keys that signed them, the records of what went to the archive.

create table log.signing_keys (
  -- Its thumbprint (RFC 7638).
  kid text primary key constraint signing_keys_kid check (kid ~ '^[A-Za-z0-9_-]{43}$'),
  -- `x` of the JWK (RFC 8037).
  public_key text not null constraint signing_keys_public_key check (public_key ~ '^[A-Za-z0-9_-]{43}$'),
  -- HMAC of the kid under a key derived from the server's secret: what someone puts here without the secret vouches for nothing.
  voucher text not null,
  created_at timestamptz not null default clock_timestamp()
);

-- The key that signs now. Its private part is encrypted with the secret, and gone once another key takes its place.
create table log.signer (
  one boolean primary key default true constraint signer_one check (one),
  kid text not null,
  private_key text not null
);

create table log.heads (
  position bigint primary key,
  -- Facts up to here. Positions have no gap, so it is the same number; it is signed for readers who do not know that.
  count bigint not null constraint heads_count check (count = position),
  chain bytea not null,
  signed_at timestamptz not null,
  kid text not null,
  signature bytea not null constraint heads_signature check (octet_length(signature) = 64)
);

create table log.archives (
  last_position bigint primary key,
  first_position bigint not null constraint archives_first unique,
  -- The chain before the first fact, and at the last.
  before bytea not null,
  chain bytea not null,
  name text not null constraint archives_name check (name ~ '^[A-Za-z0-9._-]{1,200}$'),
  bytes bigint not null,
  sha256 bytea not null,
  archived_at timestamptz not null,
  kid text not null,
  signature bytea not null constraint archives_signature check (octet_length(signature) = 64),
  constraint archives_order check (first_position between 1 and last_position)
);

-- Set by the owner alone, from AUDIT_RETENTION_DAYS. Null: everything stays for ever, and log.drop_archived refuses.
create table log.retention (
  one boolean primary key default true constraint retention_one check (one),
  days int constraint retention_days check (days >= 1)
);
insert into log.retention (days) values (null);

-- A head is of a batch that stands, and of a key that is published.
create function log.check_head() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from log.batches b where b.last_position = new.position and b.chain = new.chain)
    or not exists (select 1 from log.signing_keys k where k.kid = new.kid) then
    raise exception 'log.heads: no batch ends at % with this chain, or its key is unknown', new.position using errcode = '23514';
  end if;
  return new;
end $$;
create trigger sealed before insert on log.heads for each row execute function log.check_head();

-- Archives follow each other without a gap, and end where a head was signed before the time of retention.
create function log.check_archive() returns trigger language plpgsql as $$
begin
  if new.first_position <> coalesce((select max(a.last_position) from log.archives a), 0) + 1 then
    raise exception 'log.archives: % does not follow the last archive', new.first_position using errcode = '23514';
  end if;
  if not exists (
    select 1 from log.heads h, log.retention r
    where h.position = new.last_position and h.chain = new.chain and h.signed_at < now() - make_interval(days => r.days)
  ) then
    raise exception 'log.archives: % is not sealed, or younger than the retention', new.last_position using errcode = '23514';
  end if;
  return new;
end $$;
create trigger sealed before insert on log.archives for each row execute function log.check_archive();

-- Drops the oldest facts as far as an archive is recorded, with their batches, heads and personal data: whole batches, n facts at a time
-- or one batch. The batch and the head at the end of what went stay, so that a chain that was dropped half way still has a beginning.
create function log.drop_archived(n int) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  oldest bigint := (select min(e.position) from log.events e);
  archived bigint := (select max(a.last_position) from log.archives a);
  keep int := (select r.days from log.retention r);
  upto bigint;
  dropped bigint;
begin
  if n is null or n not between 1 and 10000 then
    raise exception 'log.drop_archived: n must be from 1 to 10000' using errcode = '22023';
  end if;
  if keep is null then
    raise exception 'log.drop_archived: the log is kept for ever' using errcode = '55000';
  end if;
  -- Also when the time of retention grew after the archive was made: then it waits.
  if oldest is null or archived is null or oldest > archived
    or not exists (select 1 from log.heads h where h.position = archived and h.signed_at < now() - make_interval(days => keep)) then
    return 0;
  end if;
  upto := coalesce(
    (select max(b.last_position) from log.batches b where b.last_position >= oldest and b.last_position < oldest + n and b.last_position <= archived),
    (select min(b.last_position) from log.batches b where b.last_position >= oldest and b.last_position <= archived));
  if upto is null then
    raise exception 'log.drop_archived: no batch ends between % and %', oldest, archived using errcode = '55000';
  end if;
  perform set_config('plinth.log_writer', 'drop_archived', true);
  with gone as (
    delete from log.events e where e.position <= upto returning e.seq
  ), forgotten as (
    delete from log.personal p using gone g where p.seq = g.seq
  )
  select count(*) into dropped from gone;
  delete from log.batches b where b.last_position < upto;
  delete from log.heads h where h.position <= upto and h.position < archived;
  perform set_config('plinth.log_writer', '', true);
  return dropped;
end $$;

-- As before, and fit for rows: what may be done is done.
create or replace function log.refuse_change() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('plinth.log_writer', true), '') = any (tg_argv)
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  raise exception 'log.% is append-only', tg_table_name using errcode = '42501';
end $$;
drop trigger append_only on log.events;
drop trigger append_only on log.batches;
drop trigger append_only on log.personal;
create trigger append_only before update or delete or truncate on log.events for each statement execute function log.refuse_change('drop_archived');
create trigger append_only before update or delete or truncate on log.batches for each statement execute function log.refuse_change('drop_archived');
create trigger append_only before update or delete or truncate on log.personal for each statement execute function log.refuse_change('erase_personal', 'drop_archived');
create trigger append_only before update or delete or truncate on log.heads for each statement execute function log.refuse_change('drop_archived');
create trigger append_only before update or delete or truncate on log.signing_keys for each statement execute function log.refuse_change();
create trigger append_only before update or delete or truncate on log.archives for each statement execute function log.refuse_change();
-- Once more for each row, where that costs nobody anything: one trigger that is dropped or put off by mistake opens nothing.
create trigger rows_stay before update or delete on log.events for each row execute function log.refuse_change('drop_archived');
create trigger rows_stay before update or delete on log.batches for each row execute function log.refuse_change('drop_archived');
create trigger rows_stay before update or delete on log.personal for each row execute function log.refuse_change('erase_personal', 'drop_archived');
create trigger rows_stay before update or delete on log.heads for each row execute function log.refuse_change('drop_archived');
create trigger rows_stay before update or delete on log.signing_keys for each row execute function log.refuse_change();
create trigger rows_stay before update or delete on log.archives for each row execute function log.refuse_change();
create trigger replaced_only before delete or truncate on log.signer for each statement execute function log.refuse_change();

-- Moves up to n visible facts into the log and returns them, as before. Rows are taken by their place and known ids looked up by the index,
-- whatever statistics say: between two vacuums the outbox is a few rows among many dead ones, and a plan that reads it through costs
-- each step more than the one before.
create or replace function log.advance(n int) returns setof log.events
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
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
    delete from log.outbox o where o.ctid = any (array(select w.ctid from log.outbox w order by w.seq limit n)) returning o as fact
  ), known as (
    select e.id from log.events e where e.id = any (array(select (t.fact).id from taken t))
  ), fresh as (
    select distinct on ((t.fact).id) t.fact from taken t where (t.fact).id not in (select k.id from known k) order by (t.fact).id, (t.fact).seq
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

revoke all on all functions in schema log from public;
