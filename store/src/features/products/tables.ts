// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'products.products': {
    id: string;
    sku: string;
    name: string;
    description: Generated<string>;
    category: string;
    price_amount: number;
    price_currency: string;
    stock: Generated<number>;
    version: Generated<number>;
    created_at: Generated<string>;
    updated_at: Generated<string>;
  };
}

export const productsColumns = ['id', 'sku', 'name', 'description', 'category', 'price_amount as priceAmount', 'price_currency as priceCurrency', 'stock', 'version', 'created_at as createdAt', 'updated_at as updatedAt'] as const;
