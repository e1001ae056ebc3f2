import {
  type FeatureFolder,
  featuresIn,
  importsOf,
  isCode,
  isTest,
  lineOf,
  type Node,
  nodesOf,
  type Problem,
  type Source,
} from './source.ts';

/** `access` gives everybody's filter, and asks the database itself where memory cannot answer: the one reference that points upward. */
const EXCEPTED = new Set(['core/src/access/door.ts']);

const mayHoldSql = ({ path }: Source): boolean => /(^|[/.])(repository|tables)\.ts$/.test(path) || EXCEPTED.has(path);
const STATEMENT =
  /\b(select\b[\s\S]+\bfrom|insert\s+into|update\s+[\w."]+\s+set|delete\s+from|truncate\s|(create|alter|drop)\s+(table|index|schema|function|trigger))\b/i;

const textOf = (node: Node): string | null => {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  return node.type === 'TemplateElement' ? (node['value'] as { raw: string }).raw : null;
};

/** Rule 2: in a feature, only its repository (and its migrations) speak SQL. */
export function sqlPlaceProblems(sources: readonly Source[]): Problem[] {
  const code = featuresIn(sources).flatMap(({ files }) => files.filter((file) => isCode(file) && !isTest(file) && !mayHoldSql(file)));
  return code.flatMap((file) => {
    const builders = importsOf(file).filter(
      ({ specifier, names }) =>
        specifier === 'kysely' ||
        (specifier === '@plinth/kit' && names.some((name) => ['queryBuilder', 'prepare', 'prepareVisible'].includes(name))),
    );
    const statements = nodesOf(file).filter((node) => STATEMENT.test(textOf(node) ?? ''));
    return builders
      .map(({ specifier }) => `${file.path}: builds SQL ('${specifier}') outside repository.ts`)
      .concat(statements.map((node) => `${file.path}:${lineOf(file, node)}: holds SQL outside repository.ts`));
  });
}

const KIT_SCHEMAS = ['plinth', 'log', 'realtime', 'http', 'queue', 'pgboss'];
const schemaOf = ({ name }: FeatureFolder): string => name.replaceAll('-', '_');

/** Rule 2: a feature's SQL names only its own schema; foreign keys may also refer down, to what it needs. */
export function schemaProblems(sources: readonly Source[]): Problem[] {
  const features = featuresIn(sources);
  const schemas = [...KIT_SCHEMAS, ...features.map(schemaOf)];
  return features.flatMap((feature) => {
    const foreign = schemas.filter((schema) => schema !== schemaOf(feature));
    const down = new Set(features.filter(({ name }) => feature.needs.includes(name)).map(schemaOf));
    const named = (text: string, migration: boolean): string[] =>
      foreign.flatMap((schema) =>
        [...text.matchAll(new RegExp(`(references\\s+)?(?<![\\w.'-])"?${schema}"?\\.[a-z_"]`, 'g'))]
          .filter(([, reference]) => !(migration && reference && down.has(schema)))
          .map(() => schema),
      );
    return feature.files.flatMap((file) => {
      if (file.path.endsWith('.sql')) {
        const text = file.text.replace(/--.*$/gm, '');
        const created = [...text.matchAll(/create\s+schema\s+(?:if\s+not\s+exists\s+)?"?(\w+)/gi)]
          .map(([, schema]) => schema!)
          .filter((schema) => schema !== schemaOf(feature));
        return [...named(text, true), ...created].map((schema) => `${file.path}: names schema ${schema}`);
      }
      if (!isCode(file) || isTest(file) || !mayHoldSql(file)) return [];
      return nodesOf(file).flatMap((node) =>
        named(textOf(node) ?? '', false).map((schema) => `${file.path}:${lineOf(file, node)}: names schema ${schema}`),
      );
    });
  });
}
