// What a role gives, as boxes that are ticked: permissions, and the patterns that hold many at once.

export interface Permission {
  readonly name: string;
  readonly title: string;
}
export interface PermissionGroup {
  readonly feature: string;
  /** `orders:*` */
  readonly pattern: string;
  readonly permissions: readonly Permission[];
}
const featureOf = (name: string): string => name.slice(0, name.indexOf(':'));

/** By feature, in the order of the alphabet. @param filter part of a name or a title. */
export function groupsOf(permissions: readonly Permission[], filter = ''): PermissionGroup[] {
  const wanted = filter.trim().toLowerCase();
  const groups = Map.groupBy(
    permissions.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(wanted)),
    ({ name }) => featureOf(name),
  );
  return [...groups]
    .map(([feature, of]) => ({ feature, pattern: `${feature}:*`, permissions: of }))
    .toSorted((a, b) => a.feature.localeCompare(b.feature));
}
/** What holds this already, besides itself. */
export const heldBy = (grants: ReadonlySet<string>, name: string): string | undefined =>
  ['*', `${featureOf(name)}:*`].find((pattern) => pattern !== name && grants.has(pattern));
