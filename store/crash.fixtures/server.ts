import { serve } from '@plinth/kit/cli';
import { withShadow } from './shadow.ts';

await serve(withShadow, '0.0.0');
