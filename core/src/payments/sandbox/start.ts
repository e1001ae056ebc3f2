import type { Sandbox, SandboxOptions } from './server.ts';

export type { Sandbox, SandboxOptions };
/** Loaded when it is started: a server that talks to another provider carries none of it. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => (await import('./server.ts')).startSandbox(options);
