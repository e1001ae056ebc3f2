import type * as Client from 'openid-client';
import { AnswerRefused, ProviderFailed } from '../contract.ts';
import { Denied } from './provider.ts';

/** RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6, and Apple's own word. */
const NO = new Set([
  'access_denied',
  'interaction_required',
  'login_required',
  'account_selection_required',
  'consent_required',
  'user_cancelled_authorize',
]);
/** The answer came, and is not what it must be. */
const UNVERIFIED = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_PARSE_ERROR',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

/** What a failure of the client means for whoever signs in. Details stay in the log: they are about the provider, or the attacker. */
export function outcomeOf(error: unknown, { AuthorizationResponseError, ClientError, ResponseBodyError }: typeof Client): Error {
  if (error instanceof AuthorizationResponseError)
    return NO.has(error.error) ? new Denied(error.error) : new ProviderFailed({ error: error.error }, { cause: error });
  // A code that was used, or is another's; everything else there is our registration or their trouble.
  if (error instanceof ResponseBodyError)
    return error.error === 'invalid_grant'
      ? new AnswerRefused({ error: error.error })
      : new ProviderFailed({ error: error.error }, { cause: error });
  if (error instanceof ClientError && UNVERIFIED.has(error.code ?? ''))
    return new AnswerRefused({ code: error.code, reason: String(error.cause) });
  return new ProviderFailed({ reason: String(error) }, { cause: error });
}
