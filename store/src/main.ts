import { serve } from '@plinth/kit/cli';
import { consoleApp } from '@plinth/console';
import { features } from './features.ts';
import pkg from '../package.json' with { type: 'json' };

await serve(features, pkg.version, { webApps: [consoleApp] });
