import { ConfigError, isPublic, type Logger } from '@plinth/kit';
import type { CityResponse, Reader } from 'mmdb-lib';
import { readFile } from 'node:fs/promises';

export interface Place {
  /** In English. */
  readonly city: string | null;
  /** ISO 3166-1, two letters. */
  readonly country: string | null;
}
interface Deps {
  readonly logger: Logger;
  /** A City database in MaxMind's format; null: nothing is known of any address. */
  readonly file: string | null;
}
/** What is asked at the start, so that a file with broken insides is refused then and not at the first list. */
const PROBES = ['1.1.1.1', '8.8.8.8', '2001:4860:4860::8888'];

/** Where addresses are, by a database on this machine: no address leaves it. Read once, at the start. */
export class Places {
  readonly #deps: Deps;
  #reader: Reader<CityResponse> | undefined;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws ConfigError when the file is missing, broken, or knows no cities and countries. */
  async start(): Promise<void> {
    const { file } = this.#deps;
    if (file === null) return;
    try {
      const [{ Reader: MmdbReader }, bytes] = await Promise.all([import('mmdb-lib'), readFile(file)]);
      const reader = new MmdbReader<CityResponse>(bytes);
      const type = reader.metadata.databaseType;
      if (!/City|Country|Enterprise/.test(type)) throw new Error(`it is a database of the type '${type}', not City or Country`);
      for (const address of PROBES) reader.get(address);
      this.#reader = reader;
    } catch (error) {
      throw new ConfigError([`GEOIP_DATABASE: ${file} cannot be used: ${(error as Error).message}`]);
    }
  }

  /** null for private addresses, for unknown ones, and without a database. */
  of(address: string | null): Place | null {
    if (this.#reader === undefined || address === null || !isPublic(address)) return null;
    try {
      const found = this.#reader.get(address);
      const [city, country] = [found?.city?.names?.en ?? null, found?.country?.iso_code ?? null];
      return city === null && country === null ? null : { city, country };
    } catch (err) {
      this.#deps.logger.warn({ err }, 'the database of places has a broken entry');
      return null;
    }
  }
}
