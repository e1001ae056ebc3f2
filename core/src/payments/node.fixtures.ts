import { serve } from '@plinth/kit/cli';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizations } from '../organizations/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from '../webhooks/index.ts';
import { payments } from './index.ts';

// A whole node in a process of its own, to be killed by kill.test.ts.
await serve([users, access, auth, organizations, webhooks, payments], 'test');
