-- A report names what moved by kind and reference, wherever it is booked.
create index postings_reference on payments.postings (kind, reference);
-- Payments that changed lately, whose amounts are held against their entries.
create index payments_changed on payments.payments (provider, updated_at, id) where captured > 0;
-- The primary key reads them in this order.
drop index payments.payments_newest;
drop index payments.postings_newest;
drop index payments.cases_newest;
-- The same reference may mean something else at another provider.
alter table payments.cases disable trigger keep_all_but;
update payments.cases c set subject = coalesce((select p.provider from payments.payments p where p.id = c.payment_id), 'sandbox') || ':' || subject
where closed_at is null and kind in ('provider-only', 'ledger-only', 'amount');
alter table payments.cases enable trigger keep_all_but;
