import type { Allow } from './definitions.ts';

/** Whatever else the asker says of a thing: their word, believed only where a feature chooses to. */
type Properties = Readonly<Record<string, unknown>>;
export interface AskedAction {
  readonly name: string;
  readonly properties: Properties;
}
export interface AskedThing {
  readonly id: string;
  readonly properties: Properties;
}
/** Where a row stands for the rules of access: whose it is, and in which scopes it lies, by type. */
export interface RowPlace {
  readonly owner: string | null;
  readonly scopes: Readonly<Record<string, string | null>>;
}

/** How others ask about things of one type: this feature's own rows, or those of another service. */
export interface NamedResource {
  /** The rule that an action on it asks for. Undefined, or without this: that of the operation or permission of this name. */
  readonly rule?: (action: AskedAction, resource: AskedThing) => Allow | undefined;
  /** Undefined: there is none of this id. Without this: nobody's, and in no scope but itself. */
  readonly place?: (resource: AskedThing) => Promise<RowPlace | undefined>;
}
/** The user that others call by this id; undefined: nobody. */
export type NamedSubject = (subject: AskedThing) => Promise<string | undefined>;

/** What other services call our users and the things we decide about: for explain and AuthZEN. */
export interface Names {
  resource(type: string): NamedResource | undefined;
  subject(type: string): NamedSubject | undefined;
}

interface Naming {
  readonly name: string;
  readonly resources?: Readonly<Record<string, NamedResource>> | undefined;
  readonly subjects?: Readonly<Record<string, NamedSubject>> | undefined;
}
/** @throws where two features name the same type. */
export function namesOf(features: readonly Naming[]): Names {
  const resources = new Map<string, NamedResource>();
  const subjects = new Map<string, NamedSubject>();
  const add = <T>(map: Map<string, T>, feature: string, what: string, named: Readonly<Record<string, T>> = {}): void => {
    for (const [type, value] of Object.entries(named)) {
      if (map.has(type)) throw new Error(`feature '${feature}' names ${what} of type '${type}', which another one names too`);
      map.set(type, value);
    }
  };
  for (const feature of features) {
    add(resources, feature.name, 'resources', feature.resources);
    add(subjects, feature.name, 'subjects', feature.subjects);
  }
  return { resource: (type) => resources.get(type), subject: (type) => subjects.get(type) };
}
