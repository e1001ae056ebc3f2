-- Erasing a user deletes the sessions that have ended, too; `sessions_live` knows only the others.
create index sessions_user on auth.sessions (user_id);
-- The place of a session is read from its address when it is listed.
alter table auth.sessions drop column place;
