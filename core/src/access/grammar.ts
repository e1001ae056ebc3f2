// What a grant may say: a permission (`orders:read`), the same with `*` in place of whole segments (`orders:*`, `*:read`),
// or `*` alone, which grants everything. `*` stands for exactly one segment: `orders:*` does not grant `orders:read:own`.

const SEGMENT = /^(\*|[a-z][a-z0-9-]*)$/;
const MOST_SEGMENTS = 6;

/** Whether a grant follows the grammar. One that does not grants nothing. */
export const wellFormed = (grant: string): boolean => {
  if (grant === '*') return true;
  const segments = grant.split(':');
  return segments.length >= 2 && segments.length <= MOST_SEGMENTS && segments.every((segment) => SEGMENT.test(segment));
};

const known = new Map<string, readonly string[]>();

/**
 * Every grant that matches a permission; memory and SQL both compare by equality with these, so there is no second matcher
 * to disagree, and a malformed grant cannot match at all.
 */
export function grantsOf(permission: string): readonly string[] {
  const found = known.get(permission);
  if (found) return found;
  const segments = permission.split(':');
  if (segments.length > MOST_SEGMENTS) throw new Error(`permission '${permission}' has more than ${MOST_SEGMENTS} segments`);
  const patterns = segments.reduce<string[][]>(
    (heads, segment) =>
      heads.flatMap((head) => [
        [...head, segment],
        [...head, '*'],
      ]),
    [[]],
  );
  const grants = Object.freeze(['*', ...patterns.map((pattern) => pattern.join(':'))]);
  known.set(permission, grants);
  return grants;
}

/** Whether holding `held` means holding all that `grant` gives, now and for permissions still to come. */
const covers = (held: string, grant: string): boolean => {
  if (held === '*' || held === grant) return true;
  if (!wellFormed(held) || !wellFormed(grant) || grant === '*') return false;
  const own = held.split(':');
  const asked = grant.split(':');
  return own.length === asked.length && own.every((segment, i) => segment === '*' || segment === asked[i]);
};

/** The grants that a holder of `held` does not hold, and so may neither give nor take away (B88). */
export const beyond = (held: readonly string[], grants: readonly string[]): string[] =>
  grants.filter((grant) => !held.some((own) => covers(own, grant)));
