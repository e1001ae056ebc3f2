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
  -- Of these only their progress changes.
  execute format('revoke update on payments.attempts, payments.refunds, payments.disputes, payments.reconciliations, payments.cases from %I', app);
  execute format('grant update (state, fence, leased_until, error, settled_at, asked_at, called_until, next_at) on payments.attempts to %I', app);
  execute format('grant update (reference, state, failure, settled_at) on payments.refunds to %I', app);
  execute format('grant update (state, closed_at) on payments.disputes to %I', app);
  execute format('grant update (details, seen_at, closed_at, closed_by, reason) on payments.cases to %I', app);
  -- When and in which transaction a posting was written is not for the writer to say.
  execute format('revoke insert on payments.postings from %I', app);
  execute format('grant insert (id, payment_id, kind, reference, occurred_at) on payments.postings to %I', app);
end $$;
