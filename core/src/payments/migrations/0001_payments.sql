create schema payments;

-- The state machine. transitions.ts says the same; a test compares the two.
create table payments.moves (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into payments.moves (from_state, to_state) values
  ('created', 'requires_action'), ('created', 'processing'), ('created', 'authorized'), ('created', 'captured'), ('created', 'failed'), ('created', 'canceled'),
  ('requires_action', 'processing'), ('requires_action', 'authorized'), ('requires_action', 'captured'), ('requires_action', 'failed'), ('requires_action', 'canceled'),
  ('processing', 'requires_action'), ('processing', 'authorized'), ('processing', 'captured'), ('processing', 'failed'), ('processing', 'canceled'),
  ('authorized', 'captured'), ('authorized', 'failed'), ('authorized', 'canceled'),
  ('captured', 'partially_refunded'), ('captured', 'refunded'), ('captured', 'disputed'),
  ('partially_refunded', 'refunded'), ('partially_refunded', 'disputed'),
  ('refunded', 'disputed'),
  ('disputed', 'captured'), ('disputed', 'partially_refunded'), ('disputed', 'refunded');

create table payments.payments (
  id uuid primary key,
  -- What is paid for, in the words of the feature that asks: ('order', its id).
  purpose_type text not null,
  purpose_id text not null,
  payer_id uuid references users.users (id),
  description text not null,
  provider text not null,
  -- The provider's own id of it; null until the provider was heard.
  reference text,
  currency text not null,
  -- Minor units of the currency.
  amount bigint not null,
  captured bigint not null default 0,
  -- Refunds that did not fail, and those that succeeded. Kept by the trigger on refunds, which no role may go around.
  refunding bigint not null default 0,
  refunded bigint not null default 0,
  capture text not null,
  state text not null default 'created',
  failure text,
  checkout_url text,
  -- When the provider changed it last, by its clock: what is older says nothing new.
  seen_at timestamptz,
  -- When to ask the provider next; null: it is not waited for.
  poll_at timestamptz,
  polls integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payments_amount check (amount between 1 and 1000000000000),
  constraint payments_currency check (currency ~ '^[A-Z]{3}$'),
  constraint payments_capture check (capture in ('automatic', 'manual')),
  constraint payments_captured_within_amount check (captured between 0 and amount),
  constraint payments_refunding_within_captured check (refunding between 0 and captured),
  constraint payments_refunded_within_refunding check (refunded between 0 and refunding),
  constraint payments_captured_state check ((captured > 0) = (state in ('captured', 'partially_refunded', 'refunded', 'disputed'))),
  constraint payments_purpose check (length(purpose_type) between 1 and 60 and length(purpose_id) between 1 and 200),
  constraint payments_description check (length(description) <= 500)
);
create unique index payments_reference on payments.payments (provider, reference);
create index payments_newest on payments.payments (id desc);
create index payments_payer on payments.payments (payer_id, id desc);
create index payments_of_purpose on payments.payments (purpose_type, purpose_id, id desc);
create index payments_state on payments.payments (state, id desc);
create index payments_polled on payments.payments (poll_at) where poll_at is not null;

-- Each step that a payment took. Only the trigger writes it; its foreign key is what refuses the others.
create table payments.transitions (
  payment_id uuid not null references payments.payments (id),
  number integer not null,
  from_state text,
  to_state text not null,
  reference text,
  at timestamptz not null default clock_timestamp(),
  primary key (payment_id, number),
  constraint transitions_move foreign key (from_state, to_state) references payments.moves,
  constraint transitions_first check (from_state is not null or to_state = 'created')
);
create function payments.remember_move() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.state = old.state then
    return null;
  end if;
  insert into payments.transitions (payment_id, number, from_state, to_state, reference)
  select new.id, coalesce(max(t.number), 0) + 1, case when tg_op = 'UPDATE' then old.state end, new.state, new.reference
  from payments.transitions t where t.payment_id = new.id;
  return null;
end $$;
create trigger remember_move after insert or update of state on payments.payments for each row execute function payments.remember_move();

-- What was asked of a provider, written before it is asked. One at a time a payment and action, until the provider refuses it.
create table payments.attempts (
  id uuid primary key,
  payment_id uuid not null references payments.payments (id),
  -- start, capture, cancel, refund:ID
  action text not null,
  number integer not null default 1,
  -- The provider's idempotency key: the same however often it is asked.
  key text not null constraint attempts_key unique,
  request jsonb not null,
  state text not null default 'pending',
  -- Grows each time somebody asks: whoever comes back late settles nothing.
  fence integer not null default 0,
  leased_until timestamptz,
  error text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  constraint attempts_state check (state in ('pending', 'calling', 'unknown', 'done', 'refused')),
  constraint attempts_lease check ((state = 'calling') = (leased_until is not null)),
  constraint attempts_settled check ((state in ('done', 'refused')) = (settled_at is not null))
);
create unique index attempts_action on payments.attempts (payment_id, action) where state <> 'refused';
create index attempts_payment on payments.attempts (payment_id, id);

create table payments.refunds (
  id uuid primary key,
  payment_id uuid not null references payments.payments (id),
  reference text,
  amount bigint not null,
  reason text not null,
  state text not null default 'pending',
  failure text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  constraint refunds_amount check (amount > 0),
  constraint refunds_state check (state in ('pending', 'succeeded', 'failed')),
  constraint refunds_settled check ((state = 'pending') = (settled_at is null))
);
create unique index refunds_reference on payments.refunds (payment_id, reference);
create index refunds_payment on payments.refunds (payment_id, id);
-- The payment's row is what every refund of it waits for: two that are too much together cannot both get in (S11).
create function payments.count_refund() returns trigger
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
  if old.state <> 'pending' then
    raise exception 'a settled refund stays as it is' using errcode = '23514', constraint = 'refunds_settled_once';
  end if;
  update payments.payments
  set refunding = refunding - case when new.state = 'failed' then new.amount else 0 end,
      refunded = refunded + case when new.state = 'succeeded' then new.amount else 0 end
  where id = new.payment_id;
  return null;
end $$;
create trigger count_refund after insert or update of state on payments.refunds for each row execute function payments.count_refund();

create table payments.disputes (
  id uuid primary key,
  payment_id uuid not null references payments.payments (id),
  reference text not null,
  amount bigint not null,
  fee bigint not null default 0,
  reason text not null,
  state text not null default 'open',
  opened_at timestamptz not null,
  closed_at timestamptz,
  constraint disputes_amount check (amount > 0 and fee >= 0),
  constraint disputes_state check (state in ('open', 'won', 'lost')),
  constraint disputes_closed check ((state = 'open') = (closed_at is null))
);
create unique index disputes_reference on payments.disputes (payment_id, reference);
create index disputes_state on payments.disputes (state, id desc);

-- ---- The ledger: double entry, append-only ------------------------------------------------------

create table payments.postings (
  id uuid primary key,
  payment_id uuid not null references payments.payments (id),
  kind text not null,
  -- The provider's id of what moved: one posting of a kind each, whoever tells of it however often.
  reference text not null,
  -- When it moved, by the provider's clock.
  occurred_at timestamptz not null,
  posted_at timestamptz not null default now(),
  -- Its entries come in the same transaction, and none later.
  written_in xid8 not null default pg_current_xact_id(),
  constraint postings_kind check (kind in ('sale', 'capture', 'fee', 'refund', 'payout', 'dispute', 'dispute-fee', 'dispute-won')),
  constraint postings_once unique (payment_id, kind, reference)
);
create index postings_newest on payments.postings (id desc);
create index postings_occurred on payments.postings (occurred_at);
create table payments.entries (
  id bigint generated always as identity primary key,
  posting_id uuid not null references payments.postings (id),
  account text not null,
  -- Whose account: the payer, the provider.
  party text not null,
  currency text not null,
  -- Minor units; a debit is more than 0, a credit less.
  amount bigint not null,
  constraint entries_account check (account in ('customer', 'clearing', 'fees', 'revenue', 'refunds', 'disputes')),
  constraint entries_amount check (amount <> 0)
);
create index entries_posting on payments.entries (posting_id);
create index entries_account on payments.entries (account, currency, party, amount);

create function payments.check_entry() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from payments.postings p where p.id = new.posting_id and p.written_in = pg_current_xact_id()) then
    raise exception 'a posting takes entries in its own transaction only' using errcode = '23514', constraint = 'entries_closed';
  end if;
  return new;
end $$;
create trigger check_entry before insert on payments.entries for each row execute function payments.check_entry();
-- Of both tables: `set constraints immediate` must not let something in behind a check that has passed.
create function payments.check_balance() returns trigger language plpgsql as $$
declare
  posting uuid := case when tg_table_name = 'postings' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(new) ->> 'posting_id')::uuid end;
begin
  if not exists (select 1 from payments.entries e where e.posting_id = posting)
    or exists (select 1 from payments.entries e where e.posting_id = posting group by e.currency having sum(e.amount) <> 0) then
    raise exception 'posting % does not sum to zero', posting using errcode = '23514', constraint = 'postings_balance';
  end if;
  return null;
end $$;
create constraint trigger balanced after insert on payments.postings deferrable initially deferred
  for each row execute function payments.check_balance();
create constraint trigger balanced after insert on payments.entries deferrable initially deferred
  for each row execute function payments.check_balance();

-- The grants already say no to the application. This says it to the owner too, who could do it by mistake.
create function payments.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'payments.% is append-only', tg_table_name using errcode = '42501';
end $$;
create trigger append_only before update or delete or truncate on payments.postings for each statement execute function payments.refuse_change();
create trigger append_only before update or delete or truncate on payments.entries for each statement execute function payments.refuse_change();
create trigger append_only before update or delete or truncate on payments.transitions for each statement execute function payments.refuse_change();

-- ---- Reconciliation ---------------------------------------------------------------------------

create table payments.reconciliations (
  id uuid primary key,
  provider text not null,
  -- Movements of this time were compared, by the provider's clock.
  from_at timestamptz not null,
  to_at timestamptz not null,
  movements integer not null,
  payments integer not null,
  differences integer not null,
  ran_at timestamptz not null default now()
);
create table payments.cases (
  id uuid primary key,
  kind text not null,
  -- What differs: the same difference opens one case while that is open.
  subject text not null,
  payment_id uuid references payments.payments (id),
  details jsonb not null,
  opened_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  closed_at timestamptz,
  closed_by uuid,
  reason text,
  constraint cases_kind check (kind in ('provider-only', 'ledger-only', 'amount', 'ledger', 'mismatch', 'state')),
  constraint cases_closed check ((closed_at is null) = (reason is null))
);
create unique index cases_open on payments.cases (kind, subject) where closed_at is null;
create index cases_newest on payments.cases (id desc);

revoke all on all functions in schema payments from public;
