import { system, uuidv7, type AnyFeature } from '@plinth/kit';
import { testApp, type TestApp, type TestAppOptions, type World } from '@plinth/kit/testing';
import { fixtures as accessFixtures } from '../access/access.fixtures.ts';
import { access } from '../access/index.ts';
import { fixtures as apiKeysFixtures } from '../api-keys/api-keys.fixtures.ts';
import { fixtures as auditFixtures } from '../audit/audit.fixtures.ts';
import { fixtures as authFixtures } from '../auth/auth.fixtures.ts';
import { fixtures as accountFixtures } from '../account/account.fixtures.ts';
import { auth } from '../auth/index.ts';
import { fixtures as impersonationFixtures } from '../impersonation/impersonation.fixtures.ts';
import { fixtures as jobsFixtures } from '../jobs/jobs.fixtures.ts';
import { fixtures as mfaFixtures } from '../mfa/mfa.fixtures.ts';
import { fixtures as oauthFixtures } from '../oauth/oauth.fixtures.ts';
import { fixtures as monitoringFixtures } from '../monitoring/monitoring.fixtures.ts';
import { configured, lendLiar, startLiar } from '../oauth/oauth.testing.ts';
import { fixtures as organizationAuditFixtures } from '../organization-audit/organization-audit.fixtures.ts';
import { fixtures as organizationWebhooksFixtures } from '../organization-webhooks/organization-webhooks.fixtures.ts';
import { fixtures as organizationsFixtures } from '../organizations/organizations.fixtures.ts';
import { fixtures as passkeysFixtures } from '../passkeys/passkeys.fixtures.ts';
import { fixtures as passwordlessFixtures } from '../passwordless/passwordless.fixtures.ts';
import { fixtures as paymentsFixtures } from '../payments/payments.fixtures.ts';
import { fixtures as realtimeFixtures } from '../realtime/realtime.fixtures.ts';
import { fixtures as serviceAccountsFixtures } from '../service-accounts/service-accounts.fixtures.ts';
import { fixtures as timelineFixtures } from '../timeline/timeline.fixtures.ts';
import { fixtures as tokensFixtures } from '../tokens/tokens.fixtures.ts';
import { users } from '../users/index.ts';
import { fixtures as usersFixtures } from '../users/users.fixtures.ts';
import { fixtures as webhooksFixtures } from '../webhooks/webhooks.fixtures.ts';

const PASSWORD = 'quiet harbour under a tin moon';

export interface CoreApp extends TestApp {
  readonly as: World['as'];
}

/** A whole app with these features, and people who sign in over HTTP. */
export async function coreApp(features: readonly AnyFeature[], options: TestAppOptions = {}): Promise<CoreApp> {
  const app = await testApp(features, options);
  const caller = system('test.make-actor', null, uuidv7());
  return {
    ...app,
    async as(role) {
      const email = `${role}-${uuidv7()}@example.com`;
      const { id: userId } = await app.kit.db.transaction(async (tx) => {
        const user = await app.api(users).create(caller, tx, { email, displayName: 'Ada Lovelace', verified: true });
        await app.api(access).assign(caller, tx, { userId: user.id, role });
        return user;
      });
      await app.api(auth).setPassword(caller, userId, PASSWORD);
      const reply = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: PASSWORD } });
      if (reply.status !== 200) throw new Error(`sign-in answered ${reply.status}: ${reply.text}`);
      return { userId, token: (reply.json as { data: { accessToken: string } }).data.accessToken };
    },
  };
}

/** The same, as the generic tests want it, with a provider to sign in with. */
export async function coreWorld(features: readonly AnyFeature[], options: TestAppOptions = {}): Promise<World> {
  const liar = await startLiar();
  const env = { OIDC_PROVIDERS: configured(['liar', liar.issuer]), ...options.env };
  const app = await coreApp(features, { ...options, env });
  const world = { ...app, stop: () => Promise.all([app.stop(), liar.stop()]).then(() => undefined) };
  lendLiar(world, liar);
  return { app: world, as: app.as };
}

/** A valid call for each operation of the core services. */
export const coreFixtures = {
  users: usersFixtures,
  access: accessFixtures,
  auth: authFixtures,
  account: accountFixtures,
  impersonation: impersonationFixtures,
  'api-keys': apiKeysFixtures,
  'service-accounts': serviceAccountsFixtures,
  tokens: tokensFixtures,
  realtime: realtimeFixtures,
  passwordless: passwordlessFixtures,
  oauth: oauthFixtures,
  organizations: organizationsFixtures,
  webhooks: webhooksFixtures,
  'organization-audit': organizationAuditFixtures,
  'organization-webhooks': organizationWebhooksFixtures,
  passkeys: passkeysFixtures,
  mfa: mfaFixtures,
  audit: auditFixtures,
  jobs: jobsFixtures,
  monitoring: monitoringFixtures,
  payments: paymentsFixtures,
  timeline: timelineFixtures,
};
export { comeBack, configured, liarOf, setOut, startProvider } from '../oauth/oauth.testing.ts';
export { authenticator, withTotp } from '../mfa/mfa.testing.ts';
export { Client as RealtimeClient } from '../realtime/realtime.testing.ts';
export { type Receiver, startReceiver } from '../webhooks/webhooks.testing.ts';
