import type { PageProps, RowOf } from '../../kit/index.ts';

export type Endpoint = RowOf<'/api/v1/webhooks/endpoints'>;
type Act =
  | 'list'
  | 'create'
  | 'get'
  | 'change'
  | 'delete'
  | 'disable'
  | 'enable'
  | 'rotateSecret'
  | 'test'
  | 'deliveries'
  | 'delivery'
  | 'replay'
  | 'replayRange';

/** Whose endpoints these are: the server's own, or an organization's. The operations are the same. */
export interface Place {
  /** Where their pages stand. */
  readonly base: string;
  readonly params: Readonly<Record<string, string>>;
  id<Name extends Act>(name: Name): `webhooks.${Name}`;
}
export function placeOf({ organizationId }: PageProps['params']): Place {
  const feature = organizationId === undefined ? 'webhooks' : 'organization-webhooks';
  return {
    base: organizationId === undefined ? '/webhooks' : `/organizations/${organizationId}/webhooks`,
    params: organizationId === undefined ? {} : { organizationId },
    // Both have the same shapes: one name stands for both.
    id: (name) => `${feature}.${name}` as `webhooks.${typeof name}`,
  };
}
/** How an endpoint does, in a word. */
export function healthOf({ status, disabledBecause, failures }: Endpoint): { readonly title: string; readonly wrong: boolean } {
  if (status === 'disabled')
    return {
      title: { owner: 'disabled by hand', failing: 'disabled: it kept failing', gone: 'disabled: it answered 410 Gone' }[
        disabledBecause ?? 'owner'
      ],
      wrong: disabledBecause !== 'owner',
    };
  if (failures === 0) return { title: 'no failures', wrong: false };
  return { title: `${failures} failed ${failures === 1 ? 'attempt' : 'attempts'} in a row`, wrong: true };
}
