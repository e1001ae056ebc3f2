import { defineEvent, personal } from '@plinth/kit';
import { z } from 'zod';

// What happens to organizations. Part of the contract.

/** Type of the scope. Operations below `/organizations/:organizationId` say `allow(permission, { scope: ORGANIZATION })`. */
export const ORGANIZATION = 'organization';
export const InOrganization = z.object({ organizationId: z.uuid() });
export const OfMember = InOrganization.extend({ userId: z.uuid() });
export const OfInvitation = InOrganization.extend({ invitationId: z.uuid() });

const about = { subject: ({ organizationId }: { organizationId: string }) => [ORGANIZATION, organizationId] as const, public: true };
const named = { ...about, changes: z.object({ name: z.string() }) };

export const organizationCreated = defineEvent('organizations.created', InOrganization, { ...named, title: 'Organization created' });
export const organizationRenamed = defineEvent('organizations.renamed', InOrganization, { ...named, title: 'Organization renamed' });
export const organizationDeleted = defineEvent('organizations.deleted', InOrganization, { ...named, title: 'Organization deleted' });
export const seatsChanged = defineEvent('organizations.seats-changed', InOrganization, {
  ...about,
  title: 'Number of seats changed',
  changes: z.object({ seats: z.int() }),
});
export const ownerChanged = defineEvent('organizations.transferred', OfMember.extend({ from: z.uuid().nullable() }), {
  ...about,
  title: 'Organization has another owner',
});
export const memberJoined = defineEvent('organizations.member-joined', OfMember, { ...about, title: 'Member joined' });
export const memberLeft = defineEvent('organizations.member-left', OfMember, { ...about, title: 'Member left or was removed' });
export const memberInvited = defineEvent('organizations.member-invited', OfInvitation, {
  ...about,
  title: 'Someone invited',
  changes: z.object({ email: personal(z.string()), roles: z.array(z.string()) }),
});
export const invitationRevoked = defineEvent(
  'organizations.invitation-revoked',
  OfInvitation.extend({ because: z.enum(['revoked', 'replaced', 'organization-deleted']) }),
  { ...about, title: 'Invitation revoked' },
);
export const invitationAccepted = defineEvent('organizations.invitation-accepted', OfInvitation.extend({ userId: z.uuid() }), {
  ...about,
  title: 'Invitation accepted',
});
export const invitationExpired = defineEvent('organizations.invitation-expired', OfInvitation, { ...about, title: 'Invitation expired' });
