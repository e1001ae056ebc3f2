// What a new contract takes away from those who hold on to the old one. Adding is free; what must be given, or was promised, is not.
import type { Contract, ContractOperation, Parameter } from './baseline.ts';
import { narrower, type Side } from './schemas.ts';

/** Each in one line, the operation's name first. */
export function breakingChanges(before: Contract, after: Contract): string[] {
  return Object.entries(before.operations).flatMap(([id, old]) => {
    const now = after.operations[id];
    const found = now ? [...operationProblems(old, now), ...schemaProblems(old, now, before, after)] : ['is gone'];
    return found.map((problem) => `${id}: ${problem}`);
  });
}

function operationProblems(old: ContractOperation, now: ContractOperation): string[] {
  const problems: string[] = [];
  if (old.method !== now.method || old.path !== now.path)
    problems.push(`is ${now.method} ${now.path} instead of ${old.method} ${old.path}`);
  const everybody = now.ways.length === 1 && now.ways[0] === 'anonymous';
  for (const way of everybody ? [] : old.ways)
    if (!now.ways.includes(way)) problems.push(way === 'anonymous' ? 'wants a sign-in' : `no longer takes ${way} as proof of who calls`);
  if (now.permission !== old.permission && !everybody)
    problems.push(`needs the permission ${now.permission ?? 'of nobody'} instead of ${old.permission ?? 'none'}`);
  for (const [code, status] of Object.entries(old.errors)) {
    const answered = now.errors[code];
    if (answered === undefined) problems.push(`no longer answers ${code}`);
    else if (answered !== status) problems.push(`answers ${code} with ${answered} instead of ${status}`);
  }
  if (old.success.status !== now.success.status) problems.push(`answers ${now.success.status} instead of ${old.success.status}`);
  return problems;
}

function schemaProblems(old: ContractOperation, now: ContractOperation, before: Contract, after: Contract): string[] {
  const compare = (side: Side, place: string, a: object, b: object): string[] =>
    narrower(a as never, b as never, { side, before: before.schemas, after: after.schemas, place });
  const key = ({ in: where, name }: Parameter): string => `${where} ${name}`;
  const parameters = new Map(now.parameters.map((parameter) => [key(parameter), parameter]));
  const known = new Map(old.parameters.map((parameter) => [key(parameter), parameter]));
  const problems: string[] = [];
  for (const [name, parameter] of known) {
    const given = parameters.get(name);
    if (!given) problems.push(`no longer takes the ${name}`);
    else problems.push(...compare('request', name, parameter.schema, given.schema));
  }
  for (const [name, parameter] of parameters)
    if (parameter.required && known.get(name)?.required !== true) problems.push(`requires the ${name}`);

  if (old.body && !now.body) problems.push('no longer takes a body');
  if (now.body?.required && !old.body?.required) problems.push('requires a body');
  for (const [type, schema] of Object.entries(now.body ? (old.body?.content ?? {}) : {})) {
    const given = now.body!.content[type];
    problems.push(...(given ? compare('request', 'body', schema, given) : [`no longer takes ${type}`]));
  }
  for (const [type, schema] of Object.entries(old.success.content)) {
    const given = now.success.content[type];
    problems.push(...(given ? compare('reply', 'reply', schema, given) : [`no longer answers with ${type}`]));
  }
  return problems;
}
