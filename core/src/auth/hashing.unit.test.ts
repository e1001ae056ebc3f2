import type * as argon2 from '@node-rs/argon2';
import type * as bcrypt from '@node-rs/bcrypt';
import { describe, expect, it, vi } from 'vitest';
import { Hashing } from './hashing.ts';

/** What was done: verifications of argon2, and rounds of bcrypt. */
const work = vi.hoisted(() => ({ argon2: 0, bcrypt: 0 }));
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>();
  return { ...real, verify: (...given: Parameters<typeof real.verify>) => (work.argon2++, real.verify(...given)) };
});
vi.mock('@node-rs/bcrypt', async (original) => {
  const real = await original<typeof bcrypt>();
  return {
    ...real,
    verify: (password: string, hash: string) => ((work.bcrypt += 2 ** Number(hash.slice(4, 6))), real.verify(password, hash)),
  };
});

const BCRYPT = (cost: number): string => `$2b$0${cost}$abcdefghijklmnopqrstuuTvvHEo.yXaZT0A3z0h2nlVNVHdizrT.`;

describe('hashing', () => {
  it('is argon2id with the parameters of OWASP', async () => {
    expect(await new Hashing().hash('quiet harbour under a tin moon')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('runs so many at a time, lets so many wait, and refuses the rest with a time to come back', async () => {
    const hashing = new Hashing({ concurrency: 1, waiting: 3 });
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => hashing.hash('quiet harbour under a tin moon')));
    expect(all.map(({ status }) => status === 'fulfilled')).toEqual([true, true, true, true, false, false, false, false]);
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    for (const error of refused) expect(error).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(await hashing.verify('quiet harbour', await hashing.hash('quiet harbour'))).toBe(true);
  });

  it('lets the event loop run meanwhile', async () => {
    const hashing = new Hashing({ concurrency: 1 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await Promise.all(Array.from({ length: 10 }, () => hashing.hash('quiet harbour under a tin moon')));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it('B20: without an account it does the same work and says no', async () => {
    const hashing = new Hashing();
    const known = await hashing.hash('quiet harbour under a tin moon');
    expect(await hashing.decoy()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashing.verify('quiet harbour under a tin moon', null)).toBe(false);
    expect(await hashing.verify('quiet harbour under a tin moon', known)).toBe(true);
  });

  it('B35: a verdict that was reached is never lost to a full queue', async () => {
    const hashing = new Hashing({ concurrency: 1, waiting: 1 });
    await hashing.decoy();
    const later: Promise<unknown>[] = [];
    const wait = () => later.push(hashing.hash('quiet harbour').catch((error: { status: number }) => error.status));
    const verdict = hashing.verify('wrong', BCRYPT(5), async () => (wait(), wait(), 5));
    expect(await verdict).toBe(false);
    expect(await Promise.all(later)).toEqual([expect.any(String), 503]);
  });

  it('B20: while hashes of other systems are kept, every failure does as much bcrypt as the dearest of them, and one argon2id', async () => {
    const hashing = new Hashing();
    const known = await hashing.hash('quiet harbour under a tin moon');
    const failed = async (against: string | null, dearest: number | null) => {
      Object.assign(work, { argon2: 0, bcrypt: 0 });
      expect(await hashing.verify('not the right one at all', against, async () => dearest)).toBe(false);
      return { ...work };
    };
    for (const against of [null, known, BCRYPT(4), BCRYPT(7), BCRYPT(9)])
      expect([against, await failed(against, 9)]).toEqual([against, { argon2: 1, bcrypt: 2 ** 9 }]);
    for (const against of [null, known]) expect(await failed(against, null)).toEqual({ argon2: 1, bcrypt: 0 });
  });
});
