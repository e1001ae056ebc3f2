import type { Seal } from '@plinth/kit';

const boundTo = (endpointId: string): string => `webhooks.secret ${endpointId}`;
/** As the database keeps it. */
export const close = (seal: Seal, secret: string, endpointId: string): string => seal.seal(secret, boundTo(endpointId));
/** @throws when it was stored under another PLINTH_SECRET */
export function open(seal: Seal, sealed: string, endpointId: string): string {
  const secret = seal.open(sealed, boundTo(endpointId));
  if (typeof secret !== 'string') throw new Error('the secret of a webhook endpoint was encrypted with another PLINTH_SECRET: rotate it');
  return secret;
}
