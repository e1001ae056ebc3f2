-- A user row is never deleted: erasing blanks it, and what others wrote about the id still makes sense.
alter table users.users
  add column erased_at timestamptz,
  add constraint users_erased check (erased_at is null or status = 'deleted');
create index users_to_erase on users.users (deleted_at) where status = 'deleted' and erased_at is null;
