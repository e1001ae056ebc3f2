create schema webhooks;

create table webhooks.endpoints (
  id uuid primary key,
  -- Null: the server's own, which gets the facts of every organization and of none.
  organization_id uuid references organizations.organizations (id),
  url text not null,
  description text not null,
  -- Names of events, or patterns: `orders.placed`, `orders.*`, `*`.
  events text[] not null,
  -- Encrypted under PLINTH_SECRET: a dump of the database lets nobody sign.
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  -- Whom warnings are mailed to.
  created_by uuid references users.users (id) on delete set null,
  disabled_because text,
  disabled_at timestamptz,
  -- Attempts that failed since the last that succeeded: the breaker's count.
  failures integer not null default 0,
  -- The breaker: nothing is sent before.
  paused_until timestamptz,
  -- When its deliveries are looked at next; null: none is waiting.
  wake_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint endpoints_url check (length(url) between 8 and 2000),
  constraint endpoints_description check (length(description) <= 200),
  constraint endpoints_events check (cardinality(events) between 1 and 100),
  constraint endpoints_previous check ((previous_secret is null) = (previous_until is null)),
  constraint endpoints_disabled check ((disabled_because is null) = (disabled_at is null)),
  constraint endpoints_because check (disabled_because in ('owner', 'failing', 'gone')),
  constraint endpoints_failures check (failures >= 0),
  constraint endpoints_version check (version > 0)
);
create index endpoints_place on webhooks.endpoints (organization_id, id);
create index endpoints_waking on webhooks.endpoints (wake_at) where disabled_at is null and wake_at is not null;
create index endpoints_author on webhooks.endpoints (created_by);

-- One fact for one endpoint: the row is the queue, so none is waiting without being one (S42).
create table webhooks.deliveries (
  id uuid primary key,
  endpoint_id uuid not null references webhooks.endpoints (id) on delete cascade,
  -- The fact; its own id for a test.
  message_id uuid not null,
  event text not null,
  -- Where the fact stands in the log; null for a test.
  position bigint,
  state text not null default 'pending',
  -- In all, replays included; and since it was last begun.
  attempts integer not null default 0,
  tries integer not null default 0,
  next_at timestamptz default now(),
  -- Whoever attempts it has until then; afterwards somebody else may.
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint deliveries_state check (state in ('pending', 'delivered', 'dead', 'cancelled')),
  constraint deliveries_pending check ((state = 'pending') = (next_at is not null)),
  constraint deliveries_ended check ((state = 'pending') = (ended_at is null)),
  constraint deliveries_leased check (state = 'pending' or leased_until is null)
);
create unique index deliveries_once on webhooks.deliveries (endpoint_id, message_id);
create index deliveries_due on webhooks.deliveries (endpoint_id, next_at) where state = 'pending';
create index deliveries_newest on webhooks.deliveries (endpoint_id, id desc);
create index deliveries_old on webhooks.deliveries (ended_at) where state <> 'pending';

create table webhooks.attempts (
  delivery_id uuid not null references webhooks.deliveries (id) on delete cascade,
  number integer not null,
  at timestamptz not null default now(),
  milliseconds integer not null,
  -- Null: there was no answer.
  status integer,
  error text,
  -- How the answer began, for the endpoint's owner only (S46).
  response text,
  primary key (delivery_id, number),
  constraint attempts_response check (length(response) <= 1024),
  constraint attempts_error check (length(error) <= 300)
);

-- How far the log has been read.
create table webhooks.cursor (
  one boolean primary key default true,
  position bigint,
  constraint cursor_one check (one)
);
insert into webhooks.cursor default values;

-- What others sent us: the row commits with what was done about it (S20).
create table webhooks.received (
  source text not null,
  external_id text not null,
  type text not null,
  state text not null,
  -- What it says, while it is still to be done.
  event text,
  tries integer not null default 1,
  next_at timestamptz,
  received_at timestamptz not null default now(),
  primary key (source, external_id),
  constraint received_id check (length(external_id) between 1 and 255),
  constraint received_state check (state in ('done', 'early', 'dead')),
  constraint received_early check ((state = 'early') = (next_at is not null)),
  constraint received_event check ((state = 'done') = (event is null))
);
create index received_due on webhooks.received (next_at) where state = 'early';
create index received_old on webhooks.received (received_at);
