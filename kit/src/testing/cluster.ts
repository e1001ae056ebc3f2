import type { TestProject } from 'vitest/node';
import { startEphemeral } from '../database/embedded/ephemeral.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: { readonly superuserUrl: string; readonly ownerUrl: string; readonly appUrl: string };
  }
}

/** vitest's globalSetup: one PostgreSQL for the whole run, gone when it ends. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEphemeral({ settings: { max_connections: '300' } });
  const { superuserUrl, ownerUrl, appUrl } = server;
  project.provide('cluster', { superuserUrl, ownerUrl, appUrl });
  return () => server.stop();
}
