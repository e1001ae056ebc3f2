import * as kit from '@plinth/kit';
import { type Catalog, isSafe } from '@plinth/kit';
import { type FeatureFolder, featuresIn, isCode, isTest, lineOf, type Node, nodesOf, type Problem, type Source } from './source.ts';

/** Codes that every operation may answer. */
const KIT_CODES = new Set(Object.values(kit).flatMap((value) => (typeof value === 'function' && 'code' in value ? [value.code] : [])));

type Declared = Pick<Catalog, 'operations' | 'errors'>;

/** Rule 4: somebody decided who may call it. */
export const accessProblems = ({ operations }: Declared): Problem[] =>
  operations.flatMap(({ id, operation }) => {
    const { access } = operation as { access?: unknown };
    const decided =
      access === 'public' ||
      access === 'signed-in' ||
      (typeof access === 'object' && access !== null && ('permission' in access || 'fresh' in access));
    return decided ? [] : [`${id}: declares no access`];
  });

/** Rule 4: what changes something says which facts tell of it, or why none does. */
export const publishesProblems = ({ operations }: Declared): Problem[] =>
  operations.flatMap(({ id, operation }) => {
    const { publishes } = operation;
    if (isSafe(operation)) return [];
    const told = typeof publishes === 'string' ? /^nothing, because \S/.test(publishes) : publishes !== undefined && publishes.length > 0;
    return told ? [] : [`${id}: is unsafe and declares no publishes`];
  });

const listed = ({ operations, errors }: Declared): Set<string> =>
  new Set([
    ...operations.flatMap(({ operation }) => (operation.errors ?? []).map(({ code }) => code)),
    ...[...errors.values()].filter(({ lent }) => lent).map(({ code }) => code),
  ]);

/** Rule 4: an error that a contract declares can happen somewhere. */
export function unlistedErrorProblems(catalog: Declared): Problem[] {
  const codes = listed(catalog);
  return [...catalog.errors.keys()]
    .filter((code) => !codes.has(code))
    .map((code) => `${code}: is declared but stands in no operation's errors`);
}

/** Names and codes of the errors that a feature's files declare. */
function declaredErrors({ files }: FeatureFolder): Map<string, string> {
  const declared = new Map<string, string>();
  for (const file of files.filter((source) => isCode(source) && !isTest(source))) {
    for (const [, name, code] of file.text.matchAll(/\bconst (\w+) = defineError\(\s*'(\w+)'/g)) declared.set(name!, code!);
  }
  return declared;
}
/** Rule 4: every error that a feature throws stands in the errors of some operation. The kit's own need no declaration. */
export function thrownErrorProblems(sources: readonly Source[], catalog: Declared): Problem[] {
  const features = featuresIn(sources);
  const codes = listed(catalog);
  const everywhere = new Map(features.flatMap((feature) => [...declaredErrors(feature)]));
  return features.flatMap((feature) => {
    const own = declaredErrors(feature);
    return feature.files
      .filter((file) => isCode(file) && !isTest(file))
      .flatMap((file) =>
        nodesOf(file).flatMap((node) => {
          const name = node.type === 'NewExpression' ? ((node['callee'] as Node)['name'] as string | undefined) : undefined;
          const code = name === undefined ? undefined : (own.get(name) ?? everywhere.get(name));
          return code === undefined || codes.has(code) || KIT_CODES.has(code)
            ? []
            : [`${file.path}:${lineOf(file, node)}: throws ${name}, which no operation declares`];
        }),
      );
  });
}

/** Rule 5: reactions are named after the feature that reacts. Permissions, events and jobs: `createCatalog` refuses others. */
export function reactionNameProblems(sources: readonly Source[]): Problem[] {
  return featuresIn(sources).flatMap(({ name, files }) =>
    files
      .filter((file) => isCode(file) && !isTest(file))
      .flatMap((file) =>
        nodesOf(file).flatMap((node) => {
          const called = node.type === 'CallExpression' ? (node['callee'] as Node)['name'] : undefined;
          if (called !== 'handle' && called !== 'during') return [];
          const given = (node['arguments'] as Node[])[1]?.['value'];
          return typeof given !== 'string' || given.startsWith(`${name}.`)
            ? []
            : [`${file.path}:${lineOf(file, node)}: the reaction '${given}' does not begin with '${name}.'`];
        }),
      ),
  );
}

/** Rule 6: a feature whose operations take something has fixtures, which the generic tests use. */
export function fixtureProblems(sources: readonly Source[], { operations }: Declared): Problem[] {
  const paths = new Set(sources.map(({ path }) => path));
  return featuresIn(sources).flatMap(({ name, folder }) => {
    const takes = operations.some(({ feature, operation }) => feature === name && (operation.params ?? operation.body) !== undefined);
    return takes && !paths.has(`${folder}/${name}.fixtures.ts`) ? [`${folder}: has no ${name}.fixtures.ts`] : [];
  });
}
