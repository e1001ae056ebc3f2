// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'orders.moves': {
    from_state: string;
    to_state: string;
  };
  'orders.order_lines': {
    order_id: string;
    position: number;
    product_id: string;
    sku: string;
    name: string;
    unit_amount: number;
    quantity: number;
  };
  'orders.orders': {
    id: string;
    number: string;
    owner_id: string;
    cart_id: string | null;
    state: Generated<string>;
    currency: string;
    total: number;
    refunded: Generated<number>;
    version: Generated<number>;
    placed_at: Generated<string>;
    expires_at: string;
    paid_at: string | null;
    fulfilled_at: string | null;
    updated_at: Generated<string>;
    payment_id: string | null;
    disputes: Generated<number>;
    charged_back: Generated<number>;
    processing_since: string | null;
  };
  'orders.transitions': {
    order_id: string;
    number: number;
    from_state: string | null;
    to_state: string;
    at: Generated<string>;
  };
}

export const movesColumns = ['from_state as fromState', 'to_state as toState'] as const;
export const orderLinesColumns = ['order_id as orderId', 'position', 'product_id as productId', 'sku', 'name', 'unit_amount as unitAmount', 'quantity'] as const;
export const ordersColumns = ['id', 'number', 'owner_id as ownerId', 'cart_id as cartId', 'state', 'currency', 'total', 'refunded', 'version', 'placed_at as placedAt', 'expires_at as expiresAt', 'paid_at as paidAt', 'fulfilled_at as fulfilledAt', 'updated_at as updatedAt', 'payment_id as paymentId', 'disputes', 'charged_back as chargedBack', 'processing_since as processingSince'] as const;
export const transitionsColumns = ['order_id as orderId', 'number', 'from_state as fromState', 'to_state as toState', 'at'] as const;
