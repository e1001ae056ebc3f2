import type { z } from 'zod';
import type { Catalog } from '../feature.ts';

/** What a mail says. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}
/** A mail that a feature sends: its name, what its text is made of, and the text, until the owner of the app replaces it. */
export interface MailTemplate<Data = never> {
  readonly kind: 'mail';
  readonly name: string;
  readonly title: string;
  readonly data: z.ZodType<Data>;
  readonly render: (data: Data) => MailText;
}
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyMailTemplate = MailTemplate<any>;

/** @param name `feature.what-it-is`. @param data all that the text may use. */
export const defineMail = <Data>(
  name: string,
  data: z.ZodType<Data>,
  options: { readonly title: string; readonly render: (data: Data) => MailText },
): MailTemplate<Data> => {
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(name)) throw new Error(`mail '${name}' is not of the form feature.what-it-is`);
  return Object.freeze({ kind: 'mail', name, data, ...options });
};

export interface MailReplacement {
  readonly template: AnyMailTemplate;
  readonly render: (data: never) => MailText;
}
/** The owner's own text for a mail of ours: handed to `serve` and `createApp`. */
export const replaceMail = <Data>(template: MailTemplate<Data>, render: (data: Data) => MailText): MailReplacement => ({
  template,
  render,
});

/** The text of a mail, in the owner's words where there are any. Spread it into `mail.send`. */
export type Compose = <Data>(template: MailTemplate<Data>, data: NoInfer<Data>) => MailText & { readonly template: string };

/** @throws where a replacement is for a mail that no feature sends, or there are two for one. */
export function createCompose(catalog: Catalog, replacements: readonly MailReplacement[]): Compose {
  const own = new Map<string, MailReplacement['render']>();
  for (const { template, render } of replacements) {
    if (catalog.mails.get(template.name) !== template) throw new Error(`no feature sends the mail '${template.name}' that was replaced`);
    if (own.has(template.name)) throw new Error(`the mail '${template.name}' is replaced twice`);
    own.set(template.name, render);
  }
  return (template, data) => {
    const parsed = template.data.parse(data);
    const text = (own.get(template.name) as typeof template.render | undefined)?.(parsed) ?? template.render(parsed);
    return { ...text, template: template.name };
  };
}
