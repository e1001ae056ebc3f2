/** NestJS + TypeORM, as the guides of Nest build it: module, controller, guard, pipe, interceptor, repository. */
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { TransformInterceptor } from './transform.interceptor.js';

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.setGlobalPrefix('api/v1', { exclude: ['health'] });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
app.useGlobalInterceptors(new TransformInterceptor());
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT), '127.0.0.1');
