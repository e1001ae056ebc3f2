import type { Operations } from '../operation.ts';
import type { TestApp } from './app.ts';

export interface Actor {
  readonly userId: string;
  readonly token: string;
}
/** A running app and people in it. */
export interface World {
  readonly app: TestApp;
  /** A new user with this role, signed in. */
  as(role: string): Promise<Actor>;
}
/** A call that must succeed for its actor. */
export interface FixtureCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the actor's own, where it must be that of another session. */
  readonly token?: string;
  /** Status that the contract's own is replaced by, where the operation says so with `respond`. */
  readonly status?: number;
}
/** Makes what the call needs (a row to read, an e-mail that is free) and says how to make it. */
export type Fixture = (world: World, actor: Actor) => Promise<FixtureCall> | FixtureCall;

type NeedsFixture<T extends Operations> = { [K in keyof T]: T[K] extends { params: unknown } | { body: unknown } ? K : never }[keyof T];
/** One fixture for every operation with params or a body; for others it is optional. */
export type Fixtures<T extends Operations> = { readonly [K in NeedsFixture<T>]: Fixture } & { readonly [K in keyof T]?: Fixture };
export const defineFixtures = <T extends Operations>(
  _operations: T,
  fixtures: Fixtures<T>,
): Readonly<Record<string, Fixture | undefined>> => fixtures;
