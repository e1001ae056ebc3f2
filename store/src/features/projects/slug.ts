import { isUuid } from '@plinth/kit';
import { z } from 'zod';

const LONGEST = 64;
const FORM = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Words that stand, or may come to stand, where a slug does in an address. */
const RESERVED = new Set(
  'admin api archive by-slug create delete edit help invitations leave login logout me members new null projects public restore search settings undefined user users www'.split(
    ' ',
  ),
);
/** A slug never looks like an id: `/projects/<either>` then means one thing only. */
export const isReserved = (slug: string): boolean => RESERVED.has(slug) || isUuid(slug);

/** As somebody typed it, in an address or a body. */
export const AnySlug = z.string().trim().toLowerCase().max(LONGEST).regex(FORM, 'must be words of a to z and digits, joined by hyphens');
export const Slug = AnySlug.refine((slug) => !isReserved(slug), 'is reserved: choose another');

/** What a name looks like in an address: `Große Brücke 2` is `grosse-brucke-2`. Empty where nothing of it can be written so. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-|-$/g, '');

/** Another one, for a slug that is empty, reserved or taken. @param salt eight letters and digits. */
export const salted = (slug: string, salt: string): string => {
  const head = slug.slice(0, LONGEST - salt.length - 1).replace(/-$/, '');
  return `${head === '' ? 'project' : head}-${salt}`;
};
