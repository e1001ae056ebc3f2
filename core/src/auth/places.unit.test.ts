import { ConfigError } from '@plinth/kit';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { placesDatabase } from './places.testing.ts';
import { Places } from './places.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plinth-places-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const LONDON = { city: { names: { en: 'London', fr: 'Londres' } }, country: { iso_code: 'GB', names: { en: 'United Kingdom' } } };
const NETWORKS = {
  '81.2.69.0/24': LONDON,
  '2001:218::/32': { country: { iso_code: 'JP' } },
  '81.3.0.0/16': { continent: { code: 'EU' } },
  '10.0.0.0/8': LONDON,
  '127.0.0.0/8': LONDON,
  '100.64.0.0/10': LONDON,
  'fd00::/8': LONDON,
};
const warn = vi.fn();
const write = async (bytes: Uint8Array, name = `${Math.random()}.mmdb`): Promise<string> => {
  await writeFile(join(directory, name), bytes);
  return join(directory, name);
};
const opened = async (bytes: Uint8Array): Promise<Places> => {
  const places = new Places({ logger: { warn } as never, file: await write(bytes) });
  await places.start();
  return places;
};

describe('places', () => {
  it('are city and country of public addresses, as well as the database knows them', async () => {
    const places = await opened(placesDatabase(NETWORKS));
    expect(places.of('81.2.69.142')).toEqual({ city: 'London', country: 'GB' });
    expect(places.of('2001:218::1')).toEqual({ city: null, country: 'JP' });
    for (const address of ['81.3.1.1', '81.4.1.1', '2001:219::1', null, '', 'unknown'])
      expect([address, places.of(address)]).toEqual([address, null]);
  });
  it('private addresses have none, whatever the database says', async () => {
    const places = await opened(placesDatabase(NETWORKS));
    for (const address of ['10.1.2.3', '127.0.0.1', '100.64.1.1', 'fd00::1', '::ffff:10.1.2.3'])
      expect([address, places.of(address)]).toEqual([address, null]);
  });
  it('without a database there are none', async () => {
    const places = new Places({ logger: { warn } as never, file: null });
    await places.start();
    expect(places.of('81.2.69.142')).toBeNull();
  });
  it.each([
    ['missing', async () => join(directory, 'missing.mmdb'), /ENOENT/],
    ['a folder', async () => directory, /EISDIR/],
    ['empty', () => write(Buffer.alloc(0)), /./],
    ['no database', () => write(Buffer.from('city,country\nLondon,GB\n'.repeat(100))), /./],
    ['cut in the middle', () => write(placesDatabase(NETWORKS).subarray(0, 900)), /./],
    ['without its beginning', () => write(placesDatabase({ ...NETWORKS, '8.8.8.0/24': LONDON }).subarray(500)), /./],
    ['of networks, not places', () => write(placesDatabase(NETWORKS, 'GeoLite2-ASN')), /'GeoLite2-ASN'/],
  ])('a file that is %s is refused at the start, in one line', async (_what, file, why) => {
    const path = await file();
    const error: unknown = await new Places({ logger: { warn } as never, file: path }).start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    const { problems } = error as ConfigError;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^GEOIP_DATABASE: .*\.?.* cannot be used: .+$/);
    expect(problems[0]).toMatch(why);
  });
  it('a broken entry that nobody met at the start is no place, and a line in the log', async () => {
    const bytes = placesDatabase({ ...NETWORKS, '99.0.0.0/8': { city: { names: { en: 'Nowhere' } } } });
    bytes.fill(0xff, bytes.indexOf('Nowhere') - 1, bytes.indexOf('Nowhere') + 2); // no type of any value
    const places = await opened(bytes);
    expect(places.of('99.1.1.1')).toBeNull();
    expect(places.of('81.2.69.142')).toEqual({ city: 'London', country: 'GB' });
    expect(warn).toHaveBeenCalledOnce();
  });
});
