import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { ListProductsDto } from './list-products.dto.js';
import { Product } from './product.entity.js';
import { Page } from './transform.interceptor.js';

const toReply = ({ priceAmount, priceCurrency, ...product }: Product) => ({
  ...product,
  price: { amount: Number(priceAmount), currency: priceCurrency },
});

@Injectable()
export class ProductsService {
  constructor(@InjectRepository(Product) private readonly productsRepository: Repository<Product>) {}

  async findOne(id: string) {
    const product = await this.productsRepository.findOneBy({ id });
    if (!product) throw new NotFoundException();
    return toReply(product);
  }

  async findPage({ category, page, limit }: ListProductsDto) {
    const [rows, total] = await this.productsRepository.findAndCount({
      where: { category },
      order: { createdAt: 'DESC', id: 'DESC' },
      skip: (page - 1) * limit,
      take: limit,
    });
    const totalPages = Math.ceil(total / limit);
    return new Page(rows.map(toReply), { page, limit, total, totalPages, hasMore: page < totalPages });
  }
}
