import { describe, expect, it } from 'vitest';
import { deviceReader } from './devices.ts';

const deviceOf = await deviceReader();

describe('devices', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Windows', 'Firefox', 'Windows'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
      'Safari',
      'iOS',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
      'Chrome on macOS',
      'Chrome',
      'macOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
      'Chrome',
      'Android',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
      'Microsoft Edge on Windows',
      'Microsoft Edge',
      'Windows',
    ],
    ['Your session, <b>never</b> end it/1.0 (Windows NT 10.0)', 'Windows', null, 'Windows'],
    ['curl/8.5.0', 'curl', 'curl', null],
    ['python-requests/2.31', 'python-requests', 'python-requests', null],
    ['node', 'node', 'node', null],
  ])('%s', (userAgent, label, browser, os) => {
    expect(deviceOf(userAgent)).toEqual({ label, browser, os });
  });

  it.each([
    [null],
    [''],
    [' '],
    ['<script>alert(1)</script>'],
    ['<img src=x onerror=alert(1)>/1.0 (y)'],
    ['/'],
    ['42'],
    ['\u0000\u001b[31m'],
  ])('nothing is made of %j', (userAgent) => expect(deviceOf(userAgent)).toEqual({ label: 'Unknown device', browser: null, os: null }));

  it('what a hostile User-Agent says is bounded, in what is shown and in time', () => {
    const pieces = [
      'a',
      '(',
      ' ',
      '/',
      '1.',
      'a-',
      'Android ',
      'Version/',
      'Mozilla/5.0 (',
      'Mac OS X ',
      'blackberry ',
      '\u001b[2J',
      '\u202e',
      'x/1 (',
    ];
    const hostile = [...pieces.map((piece) => piece.repeat(10_000 / piece.length)), `Firefox/1 (${'Windows NT;'.repeat(900)}`];
    for (const userAgent of hostile)
      for (const text of [userAgent, `Firefox/1 ${userAgent}`, `${'x'.repeat(200)}/1 ${userAgent}`]) {
        const began = performance.now();
        const { label, browser, os } = deviceOf(text);
        expect(performance.now() - began).toBeLessThan(100);
        expect(label).toMatch(/^[\w .+-]{1,90}$/);
        expect([browser?.length ?? 0, os?.length ?? 0].every((length) => length <= 40)).toBe(true);
      }
  });
});
