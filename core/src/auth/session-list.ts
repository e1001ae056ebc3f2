import type { Caller, Database } from '@plinth/kit';
import type { Session } from './contract.ts';
import { deviceReader } from './devices.ts';
import type { Delivery } from './fields.ts';
import { levelOf } from './levels.ts';
import type { Places } from './places.ts';
import type { SessionsRepository } from './sessions.repository.ts';

interface Deps {
  readonly db: Database;
  readonly sessions: SessionsRepository;
  readonly places: Places;
}

/** Someone's sessions, as they recognise them. */
export class SessionList {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async of(caller: Caller, userId: string): Promise<Session[]> {
    const { db, sessions, places } = this.#deps;
    const [rows, deviceOf] = await Promise.all([sessions.list(db, userId), deviceReader()]);
    return rows.map((row) =>
      Object.assign(row, {
        delivery: row.delivery as Delivery,
        current: row.id === caller.sessionId,
        level: levelOf(row.factors),
        device: deviceOf(row.userAgent),
        place: places.of(row.address),
      }),
    );
  }
}
