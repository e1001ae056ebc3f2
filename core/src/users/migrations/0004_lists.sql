-- One index for each order that the list of users has, and one within each status that few have; the id makes each order total.
create index users_name on users.users (display_name, id);
create index users_address on users.users (email_normalized, id);
create index users_few_created on users.users (status, created_at, id) where status <> 'active';
create index users_few_name on users.users (status, display_name, id) where status <> 'active';
create index users_few_address on users.users (status, email_normalized, id) where status <> 'active';

-- Part of an address or a name is looked up by its trigrams. A server without the extension searches all the same, only slower.
do $$
declare
  place text;
begin
  if exists (select from pg_available_extensions where name = 'pg_trgm') then
    -- Managed servers list extensions that they refuse, and some owners drop `public`.
    begin
      create extension if not exists pg_trgm with schema public;
    exception when insufficient_privilege or feature_not_supported or invalid_schema_name then
      raise notice 'pg_trgm cannot be installed here (%): parts of names are searched without an index', sqlerrm;
    end;
    select n.nspname into place from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
  end if;
  if place is not null then
    execute format('create index users_search on users.users using gin (email_normalized %1$I.gin_trgm_ops, display_name %1$I.gin_trgm_ops)', place);
  end if;
end
$$;

-- Where it begins, `users_address` knows it too. Last, since nobody reads users from here to the end; building lets them.
drop index users.users_email;
