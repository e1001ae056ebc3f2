-- Hashes that another system made with bcrypt stand beside our own until their user signs in. The cost is bounded: every sign-in
-- that fails pays for the highest there is.
alter table auth.credentials
  drop constraint credentials_hash,
  add constraint credentials_hash check (
    password_hash like '$argon2id$%' or password_hash ~ '^\$2[aby]\$(0[4-9]|1[0-2])\$[./A-Za-z0-9]{53}$'
  );
-- The highest cost among them, at the price of one look: an index of a few rows, or of none.
create index credentials_imported on auth.credentials (substr(password_hash, 5, 2)) where password_hash like '$2%';

-- Failures of a network are counted in windows that begin with the first: with a pause as the only end, a busy network never has one.
alter table auth.attempts add column began_at timestamptz not null default now();

-- Who asked for the link: a MAC of their network. Null where only the user can ask.
alter table auth.links add column network text;
