import { Controller, Get, Param, ParseUUIDPipe, Query, UseGuards } from '@nestjs/common';
import { AuthGuard } from './auth.guard.js';
import { ListProductsDto } from './list-products.dto.js';
import { ProductsService } from './products.service.js';

@Controller('products')
@UseGuards(AuthGuard)
export class ProductsController {
  constructor(private readonly productsService: ProductsService) {}

  @Get(':id')
  findOne(@Param('id', ParseUUIDPipe) id: string) {
    return this.productsService.findOne(id);
  }

  @Get()
  findPage(@Query() query: ListProductsDto) {
    return this.productsService.findPage(query);
  }
}
