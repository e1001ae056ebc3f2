import { describe, expect, it } from 'vitest';
import { Hashing } from './hashing.ts';

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
});
