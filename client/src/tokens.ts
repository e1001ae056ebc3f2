/** A session's tokens, where they are given in bodies. */
export interface Tokens {
  readonly userId: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970 at which the access token ends. */
  readonly until: number;
}
/** Where they are kept. In a page the memory is the safest place: whatever script runs there can read any other. */
export interface TokenStore {
  read(): Tokens | null;
  write(tokens: Tokens | null): void;
}

export function memoryStore(): TokenStore {
  let held: Tokens | null = null;
  return {
    read: () => held,
    write: (tokens) => {
      held = tokens;
    },
  };
}
/** For a store of texts that tabs share or that outlives the process: `textStore(localStorage)`, or two methods over a file. */
export function textStore(
  store: { getItem(name: string): string | null; setItem(name: string, value: string): void; removeItem(name: string): void },
  name = 'plinth',
): TokenStore {
  return {
    read: () => JSON.parse(store.getItem(name) ?? 'null') as Tokens | null,
    write: (tokens) => (tokens === null ? store.removeItem(name) : store.setItem(name, JSON.stringify(tokens))),
  };
}
