import { access, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createCatalog } from '../feature.ts';
import type { CliOptions } from './index.ts';
import { say, UsageError } from './print.ts';

const TEMPLATE = join(import.meta.dirname, 'template');
const SUFFIX = '.template';
/** Schemas of the kit and of Postgres, addresses of the server, and core services that an app may add later. */
const RESERVED = new Set(
  `plinth log http pgboss public information-schema access audit auth api-keys billing files gateway jobs mfa notifications oauth
   organizations payments realtime users webhooks features health metrics console this extends implements`.split(/\s+/),
);

/** `purchase-orders` → `purchase-order`. English has exceptions: the command takes the singular as its second parameter. */
export function singularOf(plural: string): string {
  if (/[^aeo]ies$/.test(plural)) return plural.replace(/ies$/, 'y');
  if (/(ss|sh|ch|x|zz|[^ao]us)es$/.test(plural)) return plural.slice(0, -2);
  return plural.slice(0, -1);
}

const words = (kebab: string): string => kebab.replaceAll('-', ' ');
const snake = (kebab: string): string => kebab.replaceAll('-', '_');
const camel = (kebab: string): string => kebab.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
const withArticle = (text: string): string => `${/^[aeio]|^u(?!ni|se|ti)/.test(text) ? 'an' : 'a'} ${text}`;

/** Each form in which a feature's name stands in its code. */
const formsOf = (plural: string, singular: string): [form: string, text: string][] =>
  [plural, singular].flatMap((name) => [
    ['article', withArticle(words(name))],
    ['Article', capital(withArticle(words(name)))],
    ['Words', capital(words(name))],
    ['words', words(name)],
    ['SNAKE', snake(name).toUpperCase()],
    ['snake', snake(name)],
    ['Camel', capital(camel(name))],
    ['camel', camel(name)],
    ['kebab', name],
  ]);
const SAMPLE = formsOf('sample-items', 'sample-item');

/** The template is a feature named `sample-items`: two words, so that each form differs from every other. */
function renamed(text: string, plural: string, singular: string): string {
  const texts = new Map(formsOf(plural, singular).map(([, text], i) => [SAMPLE[i]![1], text]));
  const longestFirst = [...texts.keys()].toSorted((a, b) => b.length - a.length);
  // No word may begin before the article: 'a sample item' stands in 'data sample item' too.
  return text.replace(new RegExp(longestFirst.map((form) => (/^a /i.test(form) ? `\\b${form}` : form)).join('|'), 'g'), (form) =>
    texts.get(form)!,
  );
}

async function template(plural: string, singular: string): Promise<Map<string, string>> {
  const files = (await readdir(TEMPLATE, { recursive: true })).filter((file) => file.endsWith(SUFFIX)).toSorted();
  const entries = files.map(async (file) => {
    const text = await readFile(join(TEMPLATE, file), 'utf8');
    return [renamed(file.slice(0, -SUFFIX.length), plural, singular), renamed(text, plural, singular)] as const;
  });
  return new Map(await Promise.all(entries));
}

/** @returns the singular. @throws UsageError */
async function checkName(plural: string, given: string | undefined, taken: readonly string[]): Promise<string> {
  const singular = given ?? singularOf(plural);
  const example = 'for example: npm run feature -- invoices';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(plural))
    throw new UsageError(`'${plural}' is not a name of lower-case words joined by hyphens; ${example}`);
  if (plural.length > 40) throw new UsageError(`'${plural}' is longer than 40 characters`);
  if (!/[^s]s$/.test(plural) && given === undefined) throw new UsageError(`'${plural}' is not a plural; ${example}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(singular) || singular === plural)
    throw new UsageError(`'${singular}' is not the singular of '${plural}'`);
  if (RESERVED.has(plural) || plural.startsWith('pg-')) throw new UsageError(`'${plural}' is reserved: choose another name`);
  if (taken.includes(plural)) throw new UsageError(`there is a feature '${plural}' already`);
  const own = [...(await template('sample-items', 'sample-item')).values()].join('\n');
  const type = capital(camel(singular));
  if (new RegExp(`\\b${type}\\b`).test(own))
    throw new UsageError(`'${plural}' would declare a type ${type}, a name that the code of a feature uses already: choose another name`);
  return singular;
}

/** One import after the last one, one entry at the end of the list. @throws Error where the file has another form. */
export function withFeature(source: string, plural: string): string {
  const name = camel(plural);
  const list = /(export const features\b[^=]*=\s*\[)([^\]]*?)(,?\s*)\]/.exec(source);
  const imports = [...source.matchAll(/^import .*;$/gm)].at(-1);
  if (!list || !imports)
    throw new Error(`features.ts has no list 'export const features = [...]' below its imports: add the feature ${name} yourself`);
  const [all, open, entries, end] = list as unknown as [string, string, string, string];
  const multiline = /\n/.exec(entries) && /\n(\s*)\S[^\n]*$/.exec(entries);
  const added = entries.trim() === '' ? name : `${entries}${multiline ? `,\n${multiline[1]}` : ', '}${name}`;
  const after = imports.index + imports[0].length;
  const imported = `${source.slice(0, after)}\nimport { ${name} } from './features/${plural}/index.ts';${source.slice(after)}`;
  return imported.replace(all, () => `${open}${added}${end}]`);
}

/** `plinth feature NAME [SINGULAR]`: writes a feature that works, and adds it to the app. @throws UsageError */
export async function scaffold(
  { features, source }: Pick<CliOptions, 'features' | 'source'>,
  [plural, given, ...more]: readonly string[],
): Promise<void> {
  if (plural === undefined || more.length > 0)
    throw new UsageError('usage: npm run feature -- NAME [SINGULAR], for example: npm run feature -- invoices');
  const taken = createCatalog(features).features.map(({ name }) => name);
  const singular = await checkName(plural, given, taken);
  const directory = join(source, 'features', plural);
  if (
    await access(directory).then(
      () => true,
      () => false,
    )
  )
    throw new UsageError(`${shown(directory)} exists already`);
  const list = join(source, 'features.ts');
  const edited = withFeature(await readFile(list, 'utf8'), plural); // before anything is written

  for (const [file, text] of await template(plural, singular)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text, { flag: 'wx' });
    say(`  wrote    ${shown(join(directory, file))}`);
  }
  await writeFile(list, edited);
  say(`  changed  ${shown(list)}`);
  say(`\nNext: npx vitest run ${shown(directory)}, then npm start: it answers at /api/v1/${plural}.`);
  say(
    `Make it yours: the shapes in contract.ts, the columns in migrations/0001_${snake(plural)}.sql, then npm run generate and npm run format.`,
  );
}

const shown = (path: string): string => relative(process.cwd(), path) || path;
