-- Behind the rights that the role that serves has on every feature's tables: what it must not do here. Run again when this changes.
do $$
declare
  app text := coalesce(nullif(current_setting('plinth.app_role', true), ''), current_user);
begin
  -- One role that owns and serves keeps its rights; the triggers hold it.
  if app = current_user then
    return;
  end if;
  execute format('revoke insert, update, delete on payments.moves, payments.transitions from %I', app);
  execute format('revoke update, delete on payments.postings, payments.entries, payments.payments from %I', app);
  -- What is paid, by whom and for what does not change; what is refunded is counted by the trigger.
  execute format('grant update (state, reference, captured, failure, checkout_url, seen_at, poll_at, polls, updated_at) on payments.payments to %I', app);
  execute format('revoke delete on payments.attempts, payments.refunds, payments.disputes, payments.reconciliations, payments.cases from %I', app);
end $$;
