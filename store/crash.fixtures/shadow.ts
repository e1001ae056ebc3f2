import { defineFeature, defineJob, handle, perform } from '@plinth/kit';
import { z } from 'zod';
import { features } from '../src/features.ts';
import { productCreated, products } from '../src/features/products/index.ts';

// The store, with one feature more that leaves a trace of every reaction and of every job.

const count = defineJob('shadow.count', z.strictObject({ productId: z.uuid() }), { backoffSeconds: 1 });
const COPY = 'insert into shadow.copies (fact_id, product_id) values ($1, $2)';
const COUNT = 'insert into shadow.counted (product_id, job_id) values ($1, $2)';

const shadow = defineFeature({
  name: 'shadow',
  needs: { products },
  contract: { count },
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db, jobs }) {
    return {
      api: {},
      handlers: [
        handle(productCreated, 'shadow.copy', async (tx, { id, payload: { productId } }) => {
          await tx.run({ text: COPY, values: [id, productId] });
          await jobs.enqueue(tx, count, { productId });
        }),
        perform(count, async ({ productId }, { id }) => void (await db.run({ text: COUNT, values: [productId, id] }))),
      ],
    };
  },
});

/** What every node of these tests is made of. */
export const withShadow = [...features, shadow];
