import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { parseAst } from 'vitest/node';

/** One file of the project. @property path from the root, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}
/** A node of the syntax tree (ESTree), as far as the rules look into it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}
/** A problem in one line; its path comes first, so that editors open it. */
export type Problem = string;

/** Where code of ours is. `bench` is a project of its own and measures foreign servers. */
const FOLDERS = ['kit', 'core', 'store', 'client', 'console', 'create', 'tools'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.plinth']);

async function walk(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) || folder === '.' ? [] : walk(root, path);
    return /\.(ts|tsx|mjs|sql)$/.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}
export async function readSources(root: string): Promise<Source[]> {
  const paths = (await Promise.all(['.', ...FOLDERS].map((folder) => walk(root, folder)))).flat().toSorted();
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })));
}

export const isCode = ({ path }: Source): boolean => /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts');
/** Tests and what only they use: not part of what runs. */
export const isTest = ({ path }: Source): boolean => /\.(test|testing|fixtures|e2e|pictures)\.tsx?$|\/testing\//.test(path);

const trees = new WeakMap<Source, Node[]>();
/** Every node of the file's syntax tree. */
export function nodesOf(source: Source): readonly Node[] {
  let nodes = trees.get(source);
  if (!nodes) {
    nodes = [];
    collect(parseAst(source.text, { lang: source.path.endsWith('x') ? 'tsx' : 'ts' }), nodes);
    trees.set(source, nodes);
  }
  return nodes;
}
function collect(value: unknown, into: Node[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') into.push(value as Node);
    for (const item of Object.values(value)) collect(item, into);
  }
}
export const lineOf = ({ text }: Source, { start }: Node): number => text.slice(0, start).split('\n').length;

export interface Import {
  readonly specifier: string;
  readonly names: readonly string[];
}
/** Imports and re-exports, of types too, static and dynamic. */
export function importsOf(source: Source): Import[] {
  return nodesOf(source).flatMap((node) => {
    if (!['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType'].includes(node.type))
      return [];
    const specifier = ((node['source'] ?? node['argument']) as { value?: unknown } | null)?.value;
    if (typeof specifier !== 'string') return [];
    const names = ((node['specifiers'] as { imported?: { name?: string } }[] | undefined) ?? []).flatMap(
      ({ imported }) => imported?.name ?? [],
    );
    return [{ specifier, names }];
  });
}
/** Where an import leads: a path from the root, a package of ours by its folder, or null for anything else. */
export function targetOf({ path }: Source, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
  return /^@plinth\/(\w+)/.exec(specifier)?.[1] ?? null;
}

export interface FeatureFolder {
  readonly name: string;
  /** `store/src/features/products` */
  readonly folder: string;
  readonly files: readonly Source[];
  /** Names of the features that its index needs. */
  readonly needs: readonly string[];
}
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Folders whose index.ts declares a feature. */
export function featuresIn(sources: readonly Source[]): FeatureFolder[] {
  return sources.flatMap((index) => {
    const folder = /^((?:core\/src|store\/src\/features)\/([a-z0-9-]+))\/index\.ts$/.exec(index.path);
    if (!folder || !index.text.includes('defineFeature(')) return [];
    const needs = /\bneeds: \{([^}]*)\}/.exec(index.text)?.[1] ?? '';
    const files = sources.filter(({ path }) => path.startsWith(`${folder[1]}/`));
    return [
      { name: folder[2]!, folder: folder[1]!, files, needs: [...needs.matchAll(/(\w+)(?:: \w+)?/g)].map(([, name]) => kebab(name!)) },
    ];
  });
}
