import { runCli } from '../cli/index.ts';

// The command line as a process of its own, which says at its end how much memory it took.
const code = await runCli({ features: [], version: '0', source: '' }, ['audit', 'verify', ...process.argv.slice(2)]);
process.stderr.write(`peak ${process.resourceUsage().maxRSS / 1024} MB\n`);
process.exit(code);
