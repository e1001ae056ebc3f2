import { expect, it, vi } from 'vitest';
import { movableClock } from './auth.testing.ts';
import { Revocations } from './revocations.ts';
import type { RevokedLately } from './sessions.repository.ts';

const REMEMBER_SECONDS = 150;
/** A node whose clock stands still while it sleeps, as that of a suspended machine does, and a database that sees everything. */
function node() {
  const clock = movableClock();
  let seconds = 0; // of the database
  const revoked: { id: number; ended: string; at: number }[] = [];
  const revokedLately = async (): Promise<RevokedLately> => ({
    now: seconds,
    ends: revoked.filter(({ at }) => at > seconds - 60).map(({ id, ended }) => ({ id, ended })),
  });
  const revocations = new Revocations({
    db: {} as never,
    clock,
    logger: { warn: vi.fn() } as never,
    sessions: { revokedLately } as never,
    rememberMs: REMEMBER_SECONDS * 1000,
  });
  return {
    revocations,
    clock,
    /** Someone ends it on another node. */
    end: (ended: string) => revoked.push({ id: revoked.length, ended, at: seconds }),
    pass: async (duration: number, { polls = true, sleeps = false } = {}): Promise<void> => {
      for (let left = duration; left > 0; left -= 5) {
        seconds += 5;
        if (!sleeps) clock.forward(5);
        if (polls) await revocations.poll();
      }
    },
  };
}

it.each([
  ['heard nothing', false],
  ['slept, and its clock with it,', true],
])('B10: a node that %s for longer than ends are told trusts nothing that it remembers from before', async (_what, sleeps) => {
  const { revocations, clock, end, pass } = node();
  await revocations.poll();
  const asked = clock.monotonic();
  await pass(20);
  expect(revocations.endedSince('session', asked)).toBe(false);
  await pass(20, { polls: false, sleeps });
  end('session');
  await pass(100, { polls: false, sleeps });
  await revocations.poll();
  expect(revocations.trusted(clock.monotonic())).toBe(true);
  expect(revocations.endedSince('session', asked)).toBe(true);
  const askedAgain = clock.monotonic();
  await pass(20);
  expect(revocations.endedSince('session', askedAgain)).toBe(false);
});

it('B10: a short silence forgets nothing', async () => {
  const { revocations, clock, end, pass } = node();
  await revocations.poll();
  const asked = clock.monotonic();
  await pass(10, { polls: false });
  end('session');
  await pass(10, { polls: false });
  await revocations.poll();
  expect([revocations.endedSince('session', asked), revocations.endedSince('another', asked)]).toEqual([true, false]);
});

it('B10: what is remembered for longer than an end is asked for again', async () => {
  const { revocations, clock, end, pass } = node();
  await revocations.poll();
  const asked = clock.monotonic();
  end('key');
  await pass(REMEMBER_SECONDS + 10);
  expect(revocations.endedSince('key', asked)).toBe(true);
  expect(revocations.endedSince('key', clock.monotonic())).toBe(false);
});
