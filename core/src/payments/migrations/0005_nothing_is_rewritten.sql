-- Of a row that says what was decided, only its progress changes. The grants say so to the role that serves; this says it to one role
-- that owns and serves too.
create function payments.keep_all_but() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - tg_argv) is distinct from (to_jsonb(old) - tg_argv) then
    raise exception 'of payments.% only % may change', tg_table_name, array_to_string(tg_argv, ', ') using errcode = '42501';
  end if;
  return new;
end $$;
create trigger keep_all_but before update on payments.refunds for each row
  execute function payments.keep_all_but('reference', 'state', 'failure', 'settled_at');
create trigger keep_all_but before update on payments.disputes for each row execute function payments.keep_all_but('state', 'closed_at');
create trigger keep_all_but before update on payments.cases for each row
  execute function payments.keep_all_but('details', 'seen_at', 'closed_at', 'closed_by', 'reason');
create trigger keep_all_but before update on payments.attempts for each row execute function payments.keep_all_but(
  'state', 'fence', 'leased_until', 'error', 'settled_at', 'asked_at', 'called_until', 'next_at');

-- A posting is written in the transaction that writes it, whatever it says.
create function payments.written_now() returns trigger language plpgsql as $$
begin
  new.written_in := pg_current_xact_id();
  return new;
end $$;
create trigger written_now before insert on payments.postings for each row execute function payments.written_now();
revoke all on function payments.keep_all_but(), payments.written_now() from public;
