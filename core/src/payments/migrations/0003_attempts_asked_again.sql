-- Until when a call of ours was, or may be, on its way. asked_at stays the first time: the provider's memory of our key counts from there.
alter table payments.attempts add column called_until timestamptz;
update payments.attempts set called_until = now() where state <> 'pending';
-- When it is asked again. Where that is long past, its job has died.
alter table payments.attempts add column next_at timestamptz not null default now();
create index attempts_due on payments.attempts (next_at) where state in ('pending', 'calling', 'unknown');

-- Asked for, and for an hour no word of it.
alter table payments.cases drop constraint cases_kind;
alter table payments.cases add constraint cases_kind
  check (kind in ('provider-only', 'ledger-only', 'amount', 'ledger', 'mismatch', 'state', 'unknown'));
