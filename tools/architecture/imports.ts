import { posix } from 'node:path';
import {
  type FeatureFolder,
  featuresIn,
  importsOf,
  isCode,
  isTest,
  lineOf,
  nodesOf,
  type Problem,
  type Source,
  targetOf,
} from './source.ts';

/** What each part may import, beside itself. Parts that are not named here (tools, tests at the root) may import anything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  core: ['kit'],
  store: ['core', 'kit', 'console'],
  'store/web': ['client'],
  /** Pages for the console, in the folder of the feature. */
  'store/pages': ['client', 'console'],
  client: [],
  console: ['client'],
  create: [],
};
const PAGES = /^store\/src\/features\/[^/]+\/console\//;
const partOf = (path: string): string =>
  path.startsWith('store/web/') ? 'store/web' : PAGES.test(path) ? 'store/pages' : path.split('/')[0]!;

/** Tests of what speaks to a server over HTTP start one. */
const TESTED_WITH: Readonly<Record<string, readonly string[]>> = {
  client: ['store', 'core', 'kit', 'tools'],
  console: ['client', 'store', 'core', 'kit', 'tools'],
};
/** Rule 1: `store → core → kit`, `store/web, console → client`, a feature's pages → console; tests too. */
export function directionProblems(sources: readonly Source[]): Problem[] {
  return sources.filter(isCode).flatMap((source) => {
    const part = partOf(source.path);
    const allowed = (isTest(source) && TESTED_WITH[part]) || MAY_IMPORT[part];
    if (!allowed) return [];
    return importsOf(source).flatMap(({ specifier }) => {
      const target = targetOf(source, specifier);
      const other = target === null ? part : partOf(target);
      return other === part || allowed.includes(other) ? [] : [`${source.path}: ${part} may not import ${other} ('${specifier}')`];
    });
  });
}

/** Importing a built-in module reads each of its exports; those of `node:http` bring in all of undici, 16 MB of a server that never fetches. */
export function heavyImportProblems(sources: readonly Source[]): Problem[] {
  return sources
    .filter((source) => isCode(source) && !isTest(source) && ['kit', 'core', 'store'].includes(partOf(source.path)))
    .flatMap((source) =>
      nodesOf(source)
        .filter((node) => node.type === 'ImportDeclaration' && node['importKind'] !== 'type')
        .filter((node) => (node['source'] as { value?: unknown }).value === 'node:http')
        .map((node) => `${source.path}:${lineOf(source, node)}: imports node:http; take it from process.getBuiltinModule`),
    );
}

const LAYERS = ['tables', 'contract', 'repository', 'service', 'controller', 'index'] as const;
type Layer = (typeof LAYERS)[number];
/** `sessions.repository.ts` is of the layer repository: a layer that grows is split by sub-noun. */
const layerOf = (path: string): Layer | undefined =>
  LAYERS.find((layer) => new RegExp(`(^|[/.])${layer}\\.ts$`).test(posix.basename(path)));

const BELOW: Readonly<Record<Layer, readonly Layer[]>> = {
  tables: [],
  contract: [],
  repository: ['contract', 'tables'],
  service: ['repository', 'contract'],
  controller: ['service', 'contract'],
  index: ['controller', 'service', 'repository', 'contract'],
};

/**
 * Rule 1: inside a feature `index → controller → service → repository → contract`. Files of no layer (hashing.ts, seed.ts) belong to
 * whoever imports them: through them, too, a layer may not reach one above it.
 */
export function layerProblems(sources: readonly Source[]): Problem[] {
  return featuresIn(sources).flatMap(({ files }) => {
    const code = new Map(files.filter((file) => isCode(file) && !isTest(file)).map((file) => [file.path, file]));
    const importedBy = (file: Source): string[] =>
      importsOf(file)
        .flatMap(({ specifier }) => [targetOf(file, specifier) ?? []].flat())
        .filter((path) => code.has(path));
    return [...code.values()].flatMap((file) => {
      const layer = layerOf(file.path);
      if (!layer) return [];
      const direct = importedBy(file).filter((path) => forbidden(layer, layerOf(path)));
      const through = reachedThroughParts(file, code, importedBy).filter((path) => above(layer, layerOf(path)));
      return [...direct, ...through].map(
        (path) => `${file.path}: the ${layer} may not reach the ${layerOf(path)} (${posix.basename(path)})`,
      );
    });
  });
}
const forbidden = (layer: Layer, other: Layer | undefined): boolean =>
  other !== undefined && other !== layer && !BELOW[layer].includes(other);
const above = (layer: Layer, other: Layer | undefined): boolean => other !== undefined && LAYERS.indexOf(other) > LAYERS.indexOf(layer);

function reachedThroughParts(from: Source, code: ReadonlyMap<string, Source>, importedBy: (file: Source) => string[]): string[] {
  const seen = new Set<string>();
  const reached: string[] = [];
  const visit = (file: Source): void => {
    for (const path of importedBy(file)) {
      if (seen.has(path)) continue;
      seen.add(path);
      if (layerOf(path) === undefined) visit(code.get(path)!);
      else if (file !== from) reached.push(path);
    }
  };
  visit(from);
  return reached;
}

/** Rule 1: a feature knows others by their index.ts only. */
export function boundaryProblems(sources: readonly Source[]): Problem[] {
  const features = featuresIn(sources);
  const featureOf = (path: string): FeatureFolder | undefined => features.find(({ folder }) => path.startsWith(`${folder}/`));
  return sources
    .filter((source) => isCode(source) && !isTest(source))
    .flatMap((source) =>
      importsOf(source).flatMap(({ specifier }) => {
        const target = targetOf(source, specifier);
        const other = target === null ? undefined : featureOf(target);
        if (!other || other === featureOf(source.path) || target === `${other.folder}/index.ts`) return [];
        return [`${source.path}: of feature ${other.name} only its index.ts may be imported ('${specifier}')`];
      }),
    );
}
