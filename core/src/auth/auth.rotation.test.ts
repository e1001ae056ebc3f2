import { race, tally } from '@plinth/kit/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cut, kidOfToken, readKeys, twoNodes, type TwoNodes, underLoad } from './key-rotation.testing.ts';

let nodes: TwoNodes;
beforeEach(async () => {
  nodes = await twoNodes();
});
afterEach(() => nodes?.stop());

describe('keys that change under load', () => {
  it('B78: three rotations on two nodes, without one refused token; when its time is over, a key counts no more', async () => {
    const { first, second } = nodes;
    const load = await underLoad(nodes, 4);
    const kids = [load.tokens[0]!.kid];
    await load.more(50);
    for (let rotation = 0; rotation < 3; rotation++) {
      kids.push(await nodes.rotate());
      await expect.poll(() => cut(first, 'listening')).toBeGreaterThan(0); // whatever the second node might hear, it does not
      await load.more(50);
      expect(load.tokens.at(-1)!.kid).toBe(kids[rotation]); // published, not used yet
      await nodes.travel(601);
      await load.more(100);
    }
    await load.stop();
    expect(Object.keys(load.answers()).sort()).toEqual(['any age 200', 'fresh 200', 'refresh 200']);
    expect([...new Set(load.tokens.map(({ kid }) => kid))]).toEqual(kids);

    const last = load.tokens.filter(({ kid }) => kid === kids[3]).slice(-3);
    const dead = load.tokens.filter(({ kid }) => kid !== kids[3]);
    await nodes.travel(1100); // the third key was retired 601 s ago, and had 1620 s
    for (const node of [first, second]) {
      await readKeys(node);
      expect(tally(await Promise.all(dead.map(({ token }) => node.me(token))))).toEqual({ 401: dead.length });
      expect(tally(await Promise.all(last.map(({ token }) => node.me(token))))).toEqual({ 200: last.length });
    }
  });

  it('B78: a node that heard of no new key looks when it meets one, for all who come meanwhile; a lost connection is no refusal', async () => {
    const { first, second } = nodes;
    const person = await first.signedIn();
    const kid = await nodes.rotate();
    await nodes.travel(601);
    const fresh = await Promise.all(Array.from({ length: 16 }, async () => (await first.again(person)).token));
    expect(new Set(fresh.map(kidOfToken))).toEqual(new Set([kid]));
    const met = await race(16, (i) => second.me(fresh[i]!));
    expect(met.map((answer) => answer.status === 'fulfilled' && answer.value)).toEqual(fresh.map(() => 200));

    await nodes.rotate();
    await nodes.travel(601);
    const newer = await Promise.all(Array.from({ length: 16 }, async () => (await first.again(person)).token));
    expect(await cut(first, 'all')).toBeGreaterThan(1);
    const cutOff = await race(16, (i) => second.me(newer[i]!));
    const statuses = new Set(cutOff.map((answer) => (answer.status === 'fulfilled' ? answer.value : 0)));
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    const again = async (): Promise<Record<string, number>> => tally(await Promise.all(newer.map((token) => second.me(token))));
    await expect.poll(again, { timeout: 8000 }).toEqual({ 200: newer.length }); // once the connections are back
  });

  it('B78: a key ends when its time is over, whether or not the node has read the keys since', async () => {
    const { first } = nodes;
    const { token } = await first.signedIn();
    await nodes.rotate();
    await nodes.travel(1700);
    expect(await first.me(token)).toBe(401);
    expect(await first.me((await first.signedIn()).token)).toBe(200);
  });
  it('B74, B78: a key that was removed takes with it what was remembered of its tokens', async () => {
    const { first } = nodes;
    const { token } = await first.signedIn();
    expect([await first.me(token), await first.me(token)]).toEqual([200, 200]);
    await nodes.rotate();
    await first.owner.query('delete from auth.signing_keys where kid = $1', [kidOfToken(token)]);
    await nodes.travel(31);
    await sleep(700); // the node has heard again that no session ended, and trusts its memory
    expect(await first.me(token)).toBe(200);
    await readKeys(first);
    expect(await first.me(token)).toBe(401);
  });
  it('B78: whoever rotates in a hurry gives every node the time to read the keys', async () => {
    const { first, second } = nodes;
    const { rows } = await first.owner.query<{ kid: string }>('select kid from auth.signing_keys');
    await nodes.rotate(0);
    const { token } = await first.signedIn();
    expect([kidOfToken(token), await second.me(token)]).toEqual([rows[0]!.kid, 200]);
    await nodes.travel(121);
    expect(kidOfToken((await first.signedIn()).token)).not.toBe(rows[0]!.kid);
  });

  it('B78: who rotates in a hurry after a rotation in peace means the key that waits too: it never signs', async () => {
    const { first, second } = nodes;
    await nodes.rotate();
    const kid = await nodes.rotate(0);
    await nodes.travel(121);
    expect(kidOfToken((await first.signedIn()).token)).toBe(kid);
    await nodes.travel(500); // the time of the one that waited has come
    const { token } = await first.signedIn();
    await nodes.travel(600); // and is over: the token lives on
    await readKeys(second);
    expect([kidOfToken(token), await second.me(token)]).toEqual([kid, 200]);
  });
});
