-- No constraint keeps a second row out: what happens twice is seen.
create schema shadow;
create table shadow.copies (fact_id uuid not null, product_id uuid not null);
create table shadow.counted (product_id uuid not null, job_id uuid not null);
