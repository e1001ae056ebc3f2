import { type Database, system, uuidv7 } from '@plinth/kit';
import type { ProductsService } from './service.ts';
import type { NewProduct } from './contract.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const CATALOGUE: readonly NewProduct[] = [
  {
    sku: 'MUG-01',
    name: 'Stoneware mug',
    description: 'Holds 350 ml, goes into the dishwasher.',
    category: 'kitchen',
    price: euros(1450),
    stock: 120,
  },
  {
    sku: 'PAN-24',
    name: 'Iron pan, 24 cm',
    description: 'Hand forged, seasoned, heavy.',
    category: 'kitchen',
    price: euros(6900),
    stock: 35,
  },
  {
    sku: 'KNIFE-18',
    name: "Cook's knife, 18 cm",
    description: 'Carbon steel; dry it after use.',
    category: 'kitchen',
    price: euros(8800),
    stock: 22,
  },
  {
    sku: 'LAMP-02',
    name: 'Desk lamp',
    description: 'Warm light, three steps, brass arm.',
    category: 'office',
    price: euros(11900),
    stock: 18,
  },
  {
    sku: 'PAPER-A5',
    name: 'Notebook A5, dotted',
    description: '192 pages, lies flat.',
    category: 'office',
    price: euros(1250),
    stock: 400,
  },
  {
    sku: 'PEN-BLUE',
    name: 'Fountain pen, blue',
    description: 'Medium nib, piston filler.',
    category: 'office',
    price: euros(4900),
    stock: 60,
  },
  { sku: 'TENT-2P', name: 'Tent for two', description: 'Four seasons, 2.1 kg.', category: 'outdoor', price: euros(34900), stock: 9 },
  {
    sku: 'BOTTLE-1L',
    name: 'Steel bottle, 1 l',
    description: 'Keeps tea hot for twelve hours.',
    category: 'outdoor',
    price: euros(2900),
    stock: 150,
  },
  {
    sku: 'ROPE-60',
    name: 'Climbing rope, 60 m',
    description: 'Single rope, 9.5 mm, dry treated.',
    category: 'outdoor',
    price: euros(18900),
    stock: 14,
  },
  { sku: 'CHESS-01', name: 'Chess set', description: 'Walnut and maple, weighted.', category: 'games', price: euros(7900), stock: 27 },
];

/** A small demonstration catalogue, made the way a user makes it: with facts. Runs at the first start of an empty database. */
export async function seedProducts(db: Database, service: ProductsService): Promise<readonly string[]> {
  const caller = system('products.seed', null, uuidv7());
  await db.transaction(async (tx) => {
    for (const product of CATALOGUE) await service.create(caller, tx, product);
  });
  return [`a demonstration catalogue of ${CATALOGUE.length} products`];
}
