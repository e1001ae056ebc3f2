-- What was done, by which process. No constraint keeps a second row out: what happens twice is seen.
create schema deeds;
create table deeds.done (
  what text not null,
  name text not null,
  pid int not null,
  attempt int not null,
  request_id text not null,
  at timestamptz not null default clock_timestamp()
);
