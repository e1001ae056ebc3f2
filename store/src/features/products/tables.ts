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
    reserved: Generated<number>;
  };
  'products.reservations': {
    holder_type: string;
    holder_id: string;
    product_id: string;
    quantity: number;
    created_at: Generated<string>;
  };
}

export const productsColumns = ['id', 'sku', 'name', 'description', 'category', 'price_amount as priceAmount', 'price_currency as priceCurrency', 'stock', 'version', 'created_at as createdAt', 'updated_at as updatedAt', 'reserved'] as const;
export const reservationsColumns = ['holder_type as holderType', 'holder_id as holderId', 'product_id as productId', 'quantity', 'created_at as createdAt'] as const;
