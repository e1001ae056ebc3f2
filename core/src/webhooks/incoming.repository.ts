import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { IncomingEvent } from './incoming.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
type Row = { source: string; id: string; type: string; event: string; requestId: string };

// Many copies at once: one inserts, the others wait for it to commit and then see its row.
const take = prepare<Row>()((bind) =>
  q
    .insertInto('webhooks.received')
    .values({
      source: bind('source'),
      external_id: bind('id'),
      type: bind('type'),
      state: 'early',
      event: bind('event'),
      next_at: sql<string>`now()`,
      request_id: bind('requestId'),
    })
    .onConflict((conflict) => conflict.columns(['source', 'external_id']).doNothing())
    .returning('state'),
);
const lock = prepare<{ source: string; id: string }>()((bind) =>
  q.selectFrom('webhooks.received').select('state').where('source', '=', bind('source')).where('external_id', '=', bind('id')).forUpdate(),
);
const done = prepare<{ source: string; id: string }>()((bind) =>
  q
    .updateTable('webhooks.received')
    .set({ state: 'done', event: null, next_at: null })
    .where('source', '=', bind('source'))
    .where('external_id', '=', bind('id')),
);
const later = prepare<{ source: string; id: string; most: number }>()((bind) =>
  q
    .updateTable('webhooks.received')
    .set({
      state: sql<string>`case when tries >= ${bind('most')}::int then 'dead' else 'early' end`,
      // 5 s, 10 s, 20 s … an hour.
      next_at: sql<
        string | null
      >`case when tries < ${bind('most')}::int then now() + make_interval(secs => least(5 * 2 ^ least(tries - 1, 12), 3600)) end`,
      tries: sql<number>`tries + 1`,
    })
    .where('source', '=', bind('source'))
    .where('external_id', '=', bind('id'))
    .returning('state'),
);
const due = prepare<{ sources: string[] }>()((bind) =>
  q
    .selectFrom('webhooks.received')
    .select(['source', 'external_id as id', 'event'])
    .where('state', '=', 'early')
    .where('next_at', '<=', sql<string>`now()`)
    .where('source', '=', sql<string>`any(${bind('sources')}::text[])`)
    .orderBy('next_at')
    .limit(1)
    .forUpdate()
    .skipLocked(),
);
const sweep = prepare<{ days: number; limit: number }>()((bind) =>
  q.deleteFrom('webhooks.received').where(
    sql`ctid`,
    'in',
    q
      .selectFrom('webhooks.received')
      .select(sql`ctid`.as('ctid'))
      .where('state', '<>', 'early')
      .where('received_at', '<', sql<string>`now() - make_interval(days => ${bind('days')}::int)`)
      .limit(bind('limit')),
  ),
);

/** The SQL on what others sent. */
export class IncomingRepository {
  /** Whether there is anything to do about it; held. */
  async take(tx: Tx, source: string, event: IncomingEvent, requestId: string): Promise<boolean> {
    const { id, type } = event;
    if (await take.first(tx, { source, id, type, event: JSON.stringify(event), requestId })) return true;
    return (await lock.first(tx, { source, id }))?.state !== 'done';
  }
  done(tx: Tx, source: string, id: string): void {
    tx.write(done.with({ source, id }));
  }
  /** @returns true when it was tried for the last time. */
  async later(tx: Tx, source: string, id: string, most: number): Promise<boolean> {
    return (await later.first(tx, { source, id, most }))?.state === 'dead';
  }
  /** One that waited long enough, for this transaction alone. */
  due(tx: Tx, sources: readonly string[]) {
    return due.first(tx, { sources: [...sources] });
  }
  sweep(on: Runner, days: number, limit: number): Promise<number> {
    return sweep.count(on, { days, limit });
  }
}
