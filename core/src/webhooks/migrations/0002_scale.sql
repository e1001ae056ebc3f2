-- With a million rows, removing or cancelling them takes longer than a statement may: the row goes when its deliveries have.
alter table webhooks.endpoints add column deleted_at timestamptz;
alter table webhooks.endpoints add constraint endpoints_deleted check (deleted_at is null or disabled_at is not null);
create index endpoints_leaving on webhooks.endpoints (id) where deleted_at is not null;

-- What is under way is counted with every claim, among however many wait.
create index deliveries_leased on webhooks.deliveries (endpoint_id, leased_until) where leased_until is not null;
create index deliveries_by_state on webhooks.deliveries (endpoint_id, state, id desc);
