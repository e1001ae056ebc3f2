import type { Config } from '@plinth/kit';
import { join } from 'node:path';
import type { SandboxOptions } from './server.ts';

export { type Sandbox, type SandboxOptions, startSandbox } from './server.ts';

/** As the server that it belongs to is configured; both sides read the same variables. */
export const sandboxOptions = ({ payments: { sandbox }, port, environment, dataDirectory }: Config): SandboxOptions => ({
  ...sandbox,
  webhookUrl: sandbox.webhookUrl ?? (port === 0 ? null : `http://127.0.0.1:${port}/api/v1/payments/webhooks/sandbox`),
  file: environment === 'test' ? null : join(dataDirectory, 'sandbox.json'),
});
