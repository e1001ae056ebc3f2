import { runCli } from '@plinth/kit/cli';
import { features } from './features.ts';
import pkg from '../package.json' with { type: 'json' };

process.exitCode = await runCli({ features, version: pkg.version, source: import.meta.dirname }, process.argv.slice(2));
