-- Run again when the files of this stream or the role that serves change.
do $$
declare
  app text := coalesce(nullif(current_setting('plinth.app_role', true), ''), current_user);
begin
  execute format('grant usage on schema log to %I', app);
  execute format('grant select on all tables in schema log to %I', app);
  -- Not seq and not occurred_at: the database says when.
  execute format('grant insert (id, name, actor, impersonator, session, organization, key, job, subject_type, subject_id, operation, request_id,
    trace_id, decision_id, outcome, reason, payload, changes, personal_hash, channels, tags) on log.outbox to %I', app);
  execute format('grant insert on log.personal, log.handled, log.channel_entries, log.traces, log.causes, log.heads, log.archives to %I', app);
  execute format('grant insert (kid, public_key, voucher) on log.signing_keys to %I', app);
  execute format('grant insert, update on log.signer to %I', app);
  -- These are no evidence; what is old in them is swept.
  execute format('grant delete on log.handled, log.channel_entries, log.traces, log.causes to %I', app);
  execute format('grant execute on function log.fits(text[]), log.advance(int), log.erase_personal(text), log.drop_archived(int) to %I', app);
end $$;
