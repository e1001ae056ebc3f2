import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

export class Page {
  constructor(
    readonly rows: unknown[],
    readonly pagination: { page: number; limit: number; total: number; totalPages: number; hasMore: boolean },
  ) {}
}

@Injectable()
export class TransformInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((data) => {
        const timestamp = new Date().toISOString();
        if (data instanceof Page) return { success: true, data: data.rows, meta: { timestamp, pagination: data.pagination } };
        return { success: true, data, meta: { timestamp } };
      }),
    );
  }
}
