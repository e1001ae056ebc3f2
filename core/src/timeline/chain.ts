import type { Graph, Node } from './node.ts';
import type { Step } from './shapes.ts';

/** Steps of one answer. */
export const MOST_STEPS = 300;

export interface Chain {
  readonly steps: readonly Step[];
  readonly cut: boolean;
}

/**
 * The steps that belong together, in order, as far as the reader may see them.
 * @param origins ids of the steps that were asked for.
 */
export function chainOf(graph: Graph, origins: ReadonlySet<string>, most = MOST_STEPS): Chain {
  const ordered = inOrder(graph, belonging(graph, origins)).filter(({ visible }) => visible);
  const shown = newest(ordered, origins, most);
  const ids = new Set(shown.map(({ id }) => id));
  const steps = shown.map(({ visible: _visible, base: _base, many: _many, ...step }) => ({
    ...step,
    cause: causeAmong(graph, ids, step.cause),
    origin: origins.has(step.id),
  }));
  return { steps, cut: shown.length < ordered.length };
}

/** From what is asked for and what is followed: up to where it began, and down to what came of it. */
function belonging(graph: Graph, origins: ReadonlySet<string>): Set<string> {
  const led = new Map<string, string[]>();
  for (const { id, cause } of graph.values()) if (cause !== null) led.set(cause, [...(led.get(cause) ?? []), id]);
  const all = new Set<string>();
  const next = [...graph.values()].filter(({ id, base }) => base || origins.has(id)).map(({ id }) => id);
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const node = graph.get(id);
    if (!node || all.has(id)) continue;
    all.add(id);
    if (node.cause !== null) next.push(node.cause);
    // A run of a schedule expires many orders, and looks after many payments: those are other chains.
    const ofMany = node.many || (node.kind === 'attempt' && graph.get(node.cause ?? '')?.many === true);
    if (!ofMany || origins.has(id) || origins.has(node.cause ?? '')) next.push(...(led.get(id) ?? []));
  }
  return all;
}

/** By time, and never before what led to it: clocks of two places differ, and some times are of the beginning of a transaction. */
function inOrder(graph: Graph, ids: ReadonlySet<string>): Node[] {
  const places = new Map<string, { readonly at: string; readonly depth: number }>();
  const placeOf = (id: string, seen: ReadonlySet<string>): { readonly at: string; readonly depth: number } => {
    const known = places.get(id);
    if (known) return known;
    const node = graph.get(id)!;
    const before =
      node.cause !== null && graph.has(node.cause) && !seen.has(node.cause) ? placeOf(node.cause, new Set([...seen, id])) : null;
    const place = { at: before && before.at > node.at ? before.at : node.at, depth: before ? before.depth + 1 : 0 };
    places.set(id, place);
    return place;
  };
  const placed = [...ids].map((id) => ({ node: graph.get(id)!, place: placeOf(id, new Set()) }));
  placed.sort((a, b) => compare(a.place.at, b.place.at) || a.place.depth - b.place.depth || compare(a.node.id, b.node.id));
  return placed.map(({ node }) => node);
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What was asked for is among them, however old. */
function newest(ordered: readonly Node[], origins: ReadonlySet<string>, most: number): readonly Node[] {
  if (ordered.length <= most) return ordered;
  const rest = ordered.filter(({ id }) => !origins.has(id));
  const room = Math.max(0, most - (ordered.length - rest.length));
  const kept = new Set(rest.slice(rest.length - room));
  return ordered.filter((node) => origins.has(node.id) || kept.has(node));
}

/** Past what the reader may not see, and what is left out. */
function causeAmong(graph: Graph, shown: ReadonlySet<string>, cause: string | null): string | null {
  const seen = new Set<string>();
  for (let id = cause; id !== null && !seen.has(id); id = graph.get(id)?.cause ?? null) {
    if (shown.has(id)) return id;
    seen.add(id);
  }
  return null;
}
