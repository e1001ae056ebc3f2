import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { METHODS } from './sandbox/methods.ts';
import { mermaid } from './transitions.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/payments.md'), 'utf8');
it('the diagram of the guide is that of the table', () => {
  const [, drawn] = /```mermaid\n([\s\S]*?)\n```/.exec(guide)!;
  expect(drawn).toBe(mermaid());
});
it('the guide names every token of the sandbox', () => {
  for (const { token } of METHODS) expect(guide).toContain(`\`${token}\``);
});
