-- For the timeline: what went out because of a fact, and in which request something came in.
create index deliveries_message on webhooks.deliveries (message_id);
alter table webhooks.received add column request_id text;
create index received_request on webhooks.received (request_id) where request_id is not null;
