/** The store with the documents of the bench. */
import { serve } from '@plinth/kit/cli';
import { features } from '../../../../store/src/features.ts';
import { documents } from './documents.ts';

await serve([...features, documents], '0.0.0');
