import { sandboxOptions, startSandbox } from '@plinth/core/sandbox';
import { readConfig, say } from '@plinth/kit/cli';

// The provider of payments that moves no money, in a process of its own.
const options = sandboxOptions(readConfig());
const { url, stop } = await startSandbox(options);
say(`\nSandbox of payments on ${url}; the server finds it by SANDBOX_URL=${url}`);
say(`It sends its webhooks to ${options.webhookUrl ?? 'nobody: set SANDBOX_WEBHOOK_URL'}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(0)));
