-- A service account is a user who is no person: roles and keys work alike, signing in does not.
alter table users.users
  add column kind text not null default 'person',
  add constraint users_kind check (kind in ('person', 'service')),
  -- RFC 6761: nothing is ever delivered below .invalid, and nobody can prove an address there.
  add constraint users_service_address check (kind = 'service' or email_normalized not like '%@service.invalid');
create index users_services on users.users (created_at, id) where kind = 'service';
