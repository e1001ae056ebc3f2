-- A refund that was given may fail days later: the money comes back to us, and may be given back again.
insert into payments.moves (from_state, to_state) values
  ('partially_refunded', 'captured'), ('refunded', 'captured'), ('refunded', 'partially_refunded');

create or replace function payments.count_refund() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'pending' then
      raise exception 'a refund begins as pending' using errcode = '23514', constraint = 'refunds_begin';
    end if;
    update payments.payments set refunding = refunding + new.amount where id = new.payment_id;
    return null;
  end if;
  if old.state = new.state then
    return null;
  end if;
  if old.state <> 'pending' and not (old.state = 'succeeded' and new.state = 'failed') then
    raise exception 'a settled refund stays as it is, unless it fails' using errcode = '23514', constraint = 'refunds_settled_once';
  end if;
  update payments.payments
  set refunding = refunding - case when new.state = 'failed' then new.amount else 0 end,
      refunded = refunded + case when new.state = 'succeeded' then new.amount when old.state = 'succeeded' then -new.amount else 0 end
  where id = new.payment_id;
  return null;
end $$;
revoke all on function payments.count_refund() from public;

-- Both entries of a refund, reversed.
alter table payments.postings drop constraint postings_kind;
alter table payments.postings add constraint postings_kind
  check (kind in ('sale', 'capture', 'fee', 'refund', 'payout', 'refund-failed', 'payout-failed', 'dispute', 'dispute-fee', 'dispute-won'));

-- When the provider was asked for it first: its memory of our key, and its word that it knows nothing of it, count from there.
alter table payments.attempts add column asked_at timestamptz;
