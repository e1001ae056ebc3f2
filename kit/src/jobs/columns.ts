const STATE = `case j.state when 'created' then 'waiting' when 'retry' then 'retrying' when 'active' then 'running' else j.state::text end`;
/** A job as readers see it: `j` is its row. */
export const COLUMNS = `j.id, j.name as job, ${STATE} as state, j.priority, j.retry_count + (case when j.started_on is null then 0 else 1 end) as attempt,
  j.retry_limit + 1 as attempts, j.singleton_key as key, j.group_id as "group", j.created_on as "createdAt", j.start_after as "runAt",
  j.started_on as "startedAt", j.completed_on as "finishedAt", j.data->>'requestId' as "requestId",
  case when j.data ? 'payload' then j.data->'payload' else j.data end as payload, j.output`;
