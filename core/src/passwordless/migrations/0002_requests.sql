-- Every request for a code has its row, whether anybody has the address or not, so that a guess does the same work for both
-- (B23). A row without a user was mailed to nobody, and opens nothing.
alter table passwordless.codes
  alter column user_id drop not null,
  -- Who asked: a MAC of their network.
  add column network text;
