import pg from 'pg';

// What copying needs to know of the tables, read from Postgres' own catalogue: no list here goes stale with a migration.

/** A table, quoted for SQL in `name`, for people in `title`. */
export interface CopiedTable {
  readonly title: string;
  readonly name: string;
  /** Quoted, without those that Postgres computes. */
  readonly columns: string;
}
/** What stands in the way of loading a table: taken off before, put back after, in the same transaction. */
export interface Obstacle {
  readonly off: string;
  readonly on: string;
}

/** Rows about one database, not about the business; migrating makes what the target needs of them. So are those of unlogged tables. */
const NOT_COPIED = ['plinth.migrations', 'pgboss.version', 'pgboss.bam', 'pgboss.instance', 'pgboss.warning', 'pgboss.queue_stats'];

/** Every table of these schemas, in the order of the schemas. A partitioned table is one table. */
export async function tablesOf(client: pg.Client, schemas: readonly string[]): Promise<CopiedTable[]> {
  const { rows } = await client.query<CopiedTable>(
    `select n.nspname || '.' || c.relname as title, format('%I.%I', n.nspname, c.relname) as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 'u' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and n.nspname || '.' || c.relname <> all($2)
     group by n.nspname, c.relname order by array_position($1, n.nspname::text), c.relname`,
    [schemas, NOT_COPIED],
  );
  return rows;
}

/** Schemas that hold tables and are not ours: an operator wants to know what stays behind. */
export async function otherSchemas(client: pg.Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>(
    `select distinct n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname <> all($1) and n.nspname <> 'information_schema' and n.nspname !~ '^pg_' order by 1`,
    [schemas],
  );
  return rows.map(({ schema }) => schema);
}

/**
 * Triggers of these tables, and foreign keys from and to them. Triggers would act a second time (or refuse: the log is append-only), and
 * `session_replication_role`, which silences all of them, is for superusers. Foreign keys are checked when they are put back, so
 * tables that refer to each other need no order.
 */
export async function obstaclesOf(client: pg.Client, tables: readonly CopiedTable[]): Promise<Obstacle[]> {
  const names = tables.map(({ name }) => name);
  const triggers = await client.query<Obstacle>(
    `select format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname) as off,
            format('alter table %s enable %s trigger %I', t.tgrelid::regclass, case t.tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, t.tgname) as on
     from pg_trigger t where t.tgrelid = any($1::regclass[]) and not t.tgisinternal and t.tgparentid = 0 and t.tgenabled <> 'D' order by 1`,
    [names],
  );
  const foreignKeys = await client.query<Obstacle>(
    `select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as off,
            format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as on
     from pg_constraint c where (c.conrelid = any($1::regclass[]) or c.confrelid = any($1::regclass[])) and c.contype = 'f' and c.conparentid = 0 order by 1`,
    [names],
  );
  return [...triggers.rows, ...foreignKeys.rows];
}

/** Statements that set the sequences of these schemas, identity columns included, to where they stand here. */
export async function sequenceStatements(client: pg.Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1) and c.relkind = 'S' order by 1`,
    [schemas],
  );
  const statements: string[] = [];
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${name}`,
    );
    statements.push(`select setval(${pg.escapeLiteral(name)}, ${state[0]!.value}, ${state[0]!.called})`);
  }
  return statements;
}

/** The rows of `plinth.migrations`, or null where none ever ran. */
export async function journalOf(client: pg.Client): Promise<string[] | null> {
  const { rows } = await client.query<{ found: string | null }>(`select to_regclass('plinth.migrations')::text as found`);
  if (!rows[0]?.found) return null;
  const journal = await client.query<{ id: string }>(
    `select stream || '/' || file || ' ' || checksum as id from plinth.migrations order by 1`,
  );
  return journal.rows.map(({ id }) => id);
}
