// Guarantees are documented and tested one to one: every row of docs/guarantees/*.md names a test whose title begins with its id,
// and every test whose title begins with an id has a row; a rule that several services keep has a row on the page of each. A row without a test says why: `n/a: …` or `later: issue …`.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const ID = /^[BS]\d+$/;

interface Row {
  readonly id: string;
  readonly page: string;
  readonly test: string;
}
const rows: Row[] = [];
const problems: string[] = [];
for (const page of globSync('docs/guarantees/*.md', { cwd: root })) {
  for (const line of readFileSync(join(root, page), 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (!ID.test(cells[1] ?? '')) continue;
    if (cells.length !== 6) problems.push(`${page}: row ${cells[1]} needs four cells: id, promise, source, test`);
    rows.push({ id: cells[1]!, page, test: cells[4] ?? '' });
  }
}

const tested = new Map<string, string[]>();
for (const file of globSync(['{kit,core,store,client,console,tools}/**/*.{test,e2e}.ts', '*.test.ts'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})) {
  for (const [, , title] of readFileSync(join(root, file), 'utf8').matchAll(
    /\b(?:test|it)(?:\.\w+)*(?:\([^)]*\))?\(\s*(['"`])((?:(?!\1).)+)\1/g,
  )) {
    for (const id of /^((?:[BS]\d+(?:[,–-]| and )?\s*)+):/.exec(title!)?.[1]?.match(/[BS]\d+/g) ?? [])
      tested.set(id, [...(tested.get(id) ?? []), file]);
  }
}

const seen = new Set<string>();
for (const row of rows) {
  const { id, page, test } = row;
  if (rows.some((other) => other.id === id && other.page === page && other !== row)) problems.push(`${page}: ${id} has two rows`);
  seen.add(id);
  if (/^(n\/a|later): \S/.test(test)) {
    if (tested.has(id)) problems.push(`${page}: ${id} says '${test}', but ${tested.get(id)!.join(', ')} tests it`);
    continue;
  }
  const file = /`([^`]+\.(?:test|e2e)\.ts)`/.exec(test)?.[1];
  if (!file) problems.push(`${page}: ${id} names no test file`);
  else if (!tested.get(id)?.includes(file)) problems.push(`${page}: ${id}: no test in ${file} begins with '${id}:'`);
}
for (const [id, files] of tested)
  if (!seen.has(id)) problems.push(`${files.join(', ')}: ${id} is tested but no page of docs/guarantees promises it`);

if (problems.length > 0) {
  process.stderr.write(`guarantees:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n`);
  process.exitCode = 1;
} else process.stdout.write(`${rows.length} guarantees, each with its test or its reason\n`);
