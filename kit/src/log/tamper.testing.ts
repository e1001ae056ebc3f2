import type pg from 'pg';

// What someone does who owns the machine that Postgres runs on: triggers off, and everything that can be recomputed is.

/** Runs statements with all triggers off. */
export async function asIntruder(superuser: pg.Client, ...texts: string[]): Promise<void> {
  await superuser.query('begin; set local session_replication_role = replica');
  for (const text of texts) await superuser.query(text);
  await superuser.query('commit');
}

/** Gives every fact from `position` on the leaf that it should have, every batch its chain, and the cursor too: a rewrite without a flaw. */
export const consistentFrom = (position: number): string => `do $$
declare
  batch record;
  before bytea := coalesce((select chain from log.batches where last_position < ${position} order by last_position desc limit 1), sha256('plinth log'));
  after bigint := coalesce((select max(last_position) from log.batches where last_position < ${position}), 0);
begin
  update log.events e set leaf = sha256(log.canonical(row(e.seq, e.id, e.name, e.occurred_at, e.actor, e.impersonator, e.session, e.organization, e.key, e.job,
    e.subject_type, e.subject_id, e.operation, e.request_id, e.trace_id, e.decision_id, e.outcome, e.reason, e.payload, e.changes, e.personal_hash,
    e.channels, e.tags)::log.outbox, e.position)) where e.position >= ${position};
  for batch in select last_position from log.batches where last_position >= ${position} order by last_position loop
    select sha256(before || string_agg(e.leaf, ''::bytea order by e.position)) into before from log.events e where e.position > after and e.position <= batch.last_position;
    update log.batches set chain = before, count = batch.last_position - after where last_position = batch.last_position;
    after := batch.last_position;
  end loop;
  update log.cursor set position = after, chain = before;
end $$`;

/** Takes away everything behind `position`, the end of a batch, as if it had never been. */
export const cutOffAfter = (position: number): string[] => [
  `delete from log.events where position > ${position}`,
  `delete from log.batches where last_position > ${position}`,
  `delete from log.heads where position > ${position}`,
  `update log.cursor set position = ${position}, chain = coalesce((select chain from log.batches where last_position = ${position}), sha256('plinth log'))`,
];
