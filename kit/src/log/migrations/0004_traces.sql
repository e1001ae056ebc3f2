-- The span that a fact was published in, where spans are made: reactions go on in its trace. No evidence, so not sealed; swept.
create table log.traces (
  fact_id uuid primary key,
  traceparent text not null constraint traces_traceparent check (octet_length(traceparent) <= 100),
  written_at timestamptz not null default now()
);
create index traces_written on log.traces using brin (written_at);
