// The package ships no types.
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';
  /** `rowCount` stands once the stream has ended. */
  export const to: (text: string) => Readable & Submittable & { readonly rowCount: number };
  export const from: (text: string) => Writable & Submittable & { readonly rowCount: number };
}
