-- What led to a fact that no request published: the run of a job, another fact (`during`), the delivery of a webhook. Written with it, so that
-- one can go back from an effect to where it came from. No evidence, so not sealed; swept after a year.
create table log.causes (
  fact_id uuid primary key,
  type text not null constraint causes_type check (type in ('fact', 'job', 'delivery')),
  cause_id uuid not null,
  written_at timestamptz not null default now()
);
create index causes_written on log.causes using brin (written_at);
