import { expect, test } from 'vitest';
import { parseCron } from './cron.ts';

const times = (expression: string, zone: string, from: string, count: number): string[] => {
  const cron = parseCron(expression, zone);
  const found: string[] = [];
  let at = new Date(from);
  while (found.length < count) found.push((at = cron.next(at)).toISOString().replace(':00.000Z', 'Z'));
  return found;
};

test('the five fields are read as crontab(5) says', () => {
  expect(times('*/20 8-9 * * *', 'UTC', '2026-03-01T08:30:00Z', 4)).toEqual(['2026-03-01T08:40Z', '2026-03-01T09:00Z', '2026-03-01T09:20Z', '2026-03-01T09:40Z']); // prettier-ignore
  expect(times('0 0 1 * mon', 'UTC', '2026-05-30T00:00:00Z', 3)).toEqual(['2026-06-01T00:00Z', '2026-06-08T00:00Z', '2026-06-15T00:00Z']);
  expect(times('0 0 13 * 5', 'UTC', '2026-02-07T00:00:00Z', 3)).toEqual(['2026-02-13T00:00Z', '2026-02-20T00:00Z', '2026-02-27T00:00Z']);
  expect(times('0 0 29 feb *', 'UTC', '2026-01-01T00:00:00Z', 2)).toEqual(['2028-02-29T00:00Z', '2032-02-29T00:00Z']);
  expect(times('30 12 * * 7', 'Asia/Kolkata', '2026-01-01T00:00:00Z', 1)).toEqual(['2026-01-04T07:00Z']);
  expect(times('5/20 0 * * *', 'UTC', '2026-01-01T00:00:00Z', 3)).toEqual(['2026-01-01T00:05Z', '2026-01-01T00:25Z', '2026-01-01T00:45Z']);
  expect(times('@daily', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual(['2026-01-02T00:00Z']);
});

test('what cannot be read, and what never comes, is an error at once', () => {
  for (const wrong of [
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    'a * * * *',
    '1-2-3 * * * *',
    '0 0 30 2 *',
    '@often',
  ])
    // prettier-ignore
    expect(() => parseCron(wrong, 'UTC'), wrong).toThrow('cannot be read');
  expect(() => parseCron('* * * * *', 'Europe/Bärlin')).toThrow('no time zone');
});

// Berlin jumps at 02:00 and 03:00; Santiago at midnight, so that a day has no 00:00; Lord Howe by half an hour.
const NIGHTS = [
  { zone: 'Europe/Berlin', cron: '30 2 * * *', from: '2026-03-27T12:00:00Z', expected: ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'] }, // prettier-ignore
  { zone: 'Europe/Berlin', cron: '30 2 * * *', from: '2026-10-23T12:00:00Z', expected: ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z'] }, // prettier-ignore
  { zone: 'America/Santiago', cron: '15 0 * * *', from: '2026-09-04T12:00:00Z', expected: ['2026-09-05T04:15Z', '2026-09-06T04:00Z', '2026-09-07T03:15Z'] }, // prettier-ignore
  { zone: 'America/Santiago', cron: '30 23 * * *', from: '2026-04-03T12:00:00Z', expected: ['2026-04-04T02:30Z', '2026-04-05T02:30Z', '2026-04-06T03:30Z'] }, // prettier-ignore
  { zone: 'Australia/Lord_Howe', cron: '15 2 * * *', from: '2026-10-02T20:00:00Z', expected: ['2026-10-03T15:30Z', '2026-10-04T15:15Z'] },
  { zone: 'Australia/Lord_Howe', cron: '45 1 * * *', from: '2026-04-03T20:00:00Z', expected: ['2026-04-04T14:45Z', '2026-04-05T15:15Z'] },
] as const;
test.each(NIGHTS)(
  'S61: $cron in $zone after $from: a time that the clock skips or repeats comes once',
  ({ zone, cron, from, expected }) => {
    expect(times(cron, zone, from, expected.length)).toEqual(expected);
  },
);

test.each(['Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia'])(
  'S61: a whole year in %s: a daily time comes once each day of the calendar, a quarter of an hour always lasts fifteen minutes',
  (zone) => {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
    for (const at of ['0 0 * * *', '30 2 * * *', '15 3 * * *']) {
      const cron = parseCron(at, zone);
      const seen: string[] = [];
      for (let time = cron.next(new Date('2026-01-01T12:00:00Z')); time < new Date('2027-01-01T12:00:00Z'); time = cron.next(time))
        seen.push(day.format(time));
      expect(new Set(seen).size, at).toBe(seen.length);
      expect(seen).toHaveLength(365);
    }
    const quarters = parseCron('*/15 * * * *', zone);
    let last = quarters.next(new Date('2026-01-01T00:00:00Z'));
    for (let count = 0; count < 3000; count++) {
      const next = quarters.next(last);
      expect(next.getTime() - last.getTime()).toBe(900_000);
      last = next;
    }
  },
);

test('S61: the latest before now is found after a minute, a year, and where there is none', () => {
  const cron = parseCron('30 2 * * *', 'Europe/Berlin');
  const latest = (after: string, until: string): string | undefined => cron.latest(new Date(after), new Date(until))?.toISOString();
  expect(latest('2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  expect(latest('2026-03-29T01:00:00Z', '2026-03-29T23:00:00Z')).toBeUndefined();
  expect(latest('2025-01-01T00:00:00Z', '2026-10-25T02:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(parseCron('0 0 29 2 *', 'UTC').latest(new Date('2020-01-01Z'), new Date('2026-01-01Z'))?.toISOString()).toBe('2024-02-29T00:00:00.000Z'); // prettier-ignore
});
