import fc from 'fast-check';
import type { Death } from './death.testing.ts';
import type { Trouble } from './gate.testing.ts';
import { type Model, type Ord, type Pay, type Token, TOKENS } from './model.testing.ts';
import type { Run } from './run.testing.ts';

// What commands are made of.

type Command = fc.AsyncCommand<Model, Run>;
interface What<A> {
  readonly name: string;
  readonly needs: 'nothing' | 'payments' | 'orders';
  run(model: Model, run: Run, args: A): Promise<void>;
}
export const command = <A extends object>(what: What<A>, args: { readonly [K in keyof A]: fc.Arbitrary<A[K]> }): fc.Arbitrary<Command> =>
  fc.record(args).map((given) => ({
    check: ({ pays, orders }) => what.needs === 'nothing' || (what.needs === 'payments' ? pays : orders).length > 0,
    run: (model, run) => what.run(model, run, given),
    toString: () => `${what.name}(${JSON.stringify(given).replaceAll('"', '')})`,
  }));

export const which = fc.nat({ max: 5 });
export const one = <T>(all: readonly T[], n: number): T => all[n % all.length]!;
export const death = fc.option(fc.record<Death>({ at: fc.integer({ min: 1, max: 6 }), when: fc.constantFrom('before', 'after') }), {
  freq: 3,
  nil: null,
});
export const trouble = fc.option(
  fc.constantFrom<Trouble>('error before', 'error after', 'cut before', 'cut after', 'hold before', 'hold after'),
  {
    freq: 2,
    nil: null,
  },
);
export const part = fc.integer({ min: 1, max: 4 });
export const token = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Token>('tok_visa') },
  { weight: 4, arbitrary: fc.constantFrom(...TOKENS) },
);
export const partOf = (amount: number, quarters: number): number => Math.max(1, Math.floor((amount * quarters) / 4));
export const codeOf = ({ status, json }: { status: number; json: { error?: { code: string } } }): string =>
  status < 300 ? String(status) : (json.error?.code ?? String(status));

interface Row {
  readonly state: string;
  readonly captured: number;
  readonly refunding: number;
  readonly disputed: number;
}
export const rowOf = async (run: Run, { id }: Pay): Promise<Row> =>
  (await run.world.sql<Row>('select state, captured::int, refunding::int, disputed::int from payments.payments where id = $1', [id]))[0]!;
export const orderOf = async (run: Run, { id }: Ord): Promise<string> =>
  (await run.world.sql<{ state: string }>('select state from orders.orders where id = $1', [id]))[0]!.state;
