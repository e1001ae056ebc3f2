import pg from 'pg';

// Generates `tables.ts`: row types as Kysely reads them, and column lists that alias snake_case to camelCase.

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly generated: 'always' | 'default' | 'no';
}

const TYPES: Readonly<Record<string, string>> = {
  int2: 'number', int4: 'number', int8: 'number', float4: 'number', float8: 'number', bool: 'boolean', bytea: 'Buffer', json: 'unknown', jsonb: 'unknown',
};
function typeOf(type: string): string {
  if (type.startsWith('_')) return `${typeOf(type.slice(1))}[]`;
  return TYPES[type] ?? 'string';
}
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const selection = (column: string): string => (camel(column) === column ? `'${column}'` : `'${column} as ${camel(column)}'`);

function columnType({ type, nullable, generated }: Column): string {
  const base = `${typeOf(type)}${nullable ? ' | null' : ''}`;
  // jsonb is written as text: pg would send an array as a Postgres array.
  if (type === 'jsonb' || type === 'json') return `ColumnType<unknown, string${nullable || generated !== 'no' ? ' | null | undefined' : ''}, string${nullable ? ' | null' : ''}>`;
  if (generated === 'always') return `GeneratedAlways<${base}>`;
  return generated === 'default' ? `Generated<${base}>` : base;
}

/** @param schemas which to describe. @returns the source of `tables.ts`; deterministic. */
export async function generateTables(url: string, schemas: readonly string[]): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Column>(
      `select n.nspname || '.' || c.relname as table, a.attname as column, t.typname as type, not a.attnotnull as nullable,
              case when a.attidentity = 'a' or a.attgenerated <> '' then 'always' when a.atthasdef or a.attidentity = 'd' then 'default' else 'no' end as generated
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
       where t.typname <> 'tsvector' and n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
       order by n.nspname, c.relname, a.attnum`,
      [schemas],
    );
    const tables = Map.groupBy(rows, (row) => row.table);
    const types = [...tables].map(([table, columns]) => `  '${table}': {\n${columns.map((column) => `    ${column.column}: ${columnType(column)};`).join('\n')}\n  };`);
    const lists = [...tables].map(([table, columns]) => `export const ${camel(table.split('.')[1]!)}Columns = [${columns.map(({ column }) => selection(column)).join(', ')}] as const;`);
    const used = ['ColumnType', 'Generated', 'GeneratedAlways'].filter((name) => types.some((text) => new RegExp(`\\b${name}<`).test(text)));
    const imports = used.length > 0 ? `import type { ${used.join(', ')} } from 'kysely';\n\n` : '';
    return `// Generated from the migrated database by \`npm run generate\`. Do not edit.\n${imports}export interface Tables {\n${types.join('\n')}\n}\n\n${lists.join('\n')}\n`;
  } finally {
    await client.end();
  }
}
