import { isCode, isTest, lineOf, type Node, nodesOf, type Problem, type Source } from './source.ts';

const nameOf = (node: unknown): string | undefined => {
  const { type, name } = node as Node;
  return type === 'Identifier' ? (name as string) : undefined;
};
const member = (node: Node, object: string, property?: string): boolean => {
  if (node.type !== 'MemberExpression' || nameOf(node['object']) !== object) return false;
  const key = node['property'] as Node;
  return property === undefined || nameOf(key) === property || key['value'] === property;
};
const found = (sources: readonly Source[], matches: (node: Node) => boolean, problem: string): Problem[] =>
  sources.flatMap((source) =>
    nodesOf(source)
      .filter(matches)
      .map((node) => `${source.path}:${lineOf(source, node)}: ${problem}`),
  );

const startsWith =
  (...prefixes: string[]) =>
  ({ path }: Source): boolean =>
    prefixes.some((prefix) => path.startsWith(prefix));

/** Rule 3: the environment is read in one place. Tests, tools and the build of the console run outside of any configuration. */
export function environmentProblems(sources: readonly Source[]): Problem[] {
  const code = sources.filter(
    (source) =>
      isCode(source) &&
      !isTest(source) &&
      !startsWith('tools/')(source) &&
      !['kit/src/config.ts', 'console/build.ts'].includes(source.path),
  );
  return found(code, (node) => member(node, 'process', 'env'), 'reads process.env outside kit/src/config.ts');
}

/** Rule 3: the command line speaks, and tools do; everything else logs. */
export function consoleProblems(sources: readonly Source[]): Problem[] {
  const code = sources.filter((source) => isCode(source) && !startsWith('kit/src/cli/', 'tools/', 'create/')(source));
  return found(code, (node) => member(node, 'console'), 'uses console');
}

/** Rule 3: what is imported has one name. Configuration files are excepted: their tools ask for a default export. */
export function defaultExportProblems(sources: readonly Source[]): Problem[] {
  const code = sources.filter((source) => isCode(source) && !source.path.endsWith('.config.ts'));
  const isDefault = (node: Node): boolean =>
    node.type === 'ExportDefaultDeclaration' || (node.type === 'ExportSpecifier' && nameOf(node['exported']) === 'default');
  return found(code, isDefault, 'exports a default');
}

const MOST_LINES = 400;
/** Rule 3: a file that has grown is split by sub-noun. Generated ones say so in their first line. */
export const lengthProblems = (sources: readonly Source[]): Problem[] =>
  sources.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    const generated = /generated/i.test(text.slice(0, text.indexOf('\n')));
    return lines <= MOST_LINES || generated ? [] : [`${path}: has ${lines} lines; split it (at most ${MOST_LINES})`];
  });
