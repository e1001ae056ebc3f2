import { afterAll, beforeAll, expect, it } from 'vitest';
import { tally } from '@plinth/kit/testing';
import { cut, readKeys, twoNodes, type TwoNodes, underLoad } from './key-rotation.testing.ts';

let nodes: TwoNodes;
beforeAll(async () => {
  nodes = await twoNodes();
});
afterAll(() => nodes?.stop());

it('B78: six rotations on two nodes under the load of 16 callers: no token of a living key is refused, every one of a dead key is', async () => {
  const load = await underLoad(nodes, 16);
  const kids = [load.tokens[0]!.kid];
  for (let rotation = 0; rotation < 6; rotation++) {
    kids.push(await nodes.rotate());
    await expect.poll(() => cut(nodes.first, 'listening')).toBeGreaterThan(0);
    await load.more(1500);
    await nodes.travel(601);
    await load.more(1500);
  }
  await load.stop();
  const answers = load.answers();
  process.stdout.write(
    `six rotations: ${JSON.stringify(answers)}, tokens of each key ${JSON.stringify(Object.values(tally(load.tokens.map(({ kid }) => kid))))}\n`,
  );
  expect(Object.keys(answers).sort()).toEqual(['any age 200', 'fresh 200', 'refresh 200']);
  expect([...new Set(load.tokens.map(({ kid }) => kid))]).toEqual(kids);

  await nodes.travel(1100);
  const alive = load.tokens.filter(({ kid }) => kid === kids[6]);
  const dead = load.tokens.filter(({ kid }) => kid !== kids[6]);
  for (const node of [nodes.first, nodes.second]) {
    await readKeys(node);
    const statuses: number[] = [];
    for (const { token } of dead) statuses.push(await node.me(token));
    expect(tally(statuses)).toEqual({ 401: dead.length });
    process.stdout.write(`after their time: ${JSON.stringify(tally(statuses))}\n`);
    for (const { token } of alive) expect(await node.me(token)).toBe(200);
  }
});
