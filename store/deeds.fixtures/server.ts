import { serve } from '@plinth/kit/cli';
import { withDeeds } from './deeds.ts';

await serve(withDeeds, '0.0.0');
