import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('products')
@Index(['category', 'createdAt', 'id'])
export class Product {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { unique: true })
  sku: string;

  @Column('text')
  name: string;

  @Column('text')
  description: string;

  @Column('text')
  category: string;

  @Column('bigint', { name: 'price_amount' })
  priceAmount: string;

  @Column('char', { name: 'price_currency', length: 3 })
  priceCurrency: string;

  @Column('int')
  stock: number;

  @Column('int')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
