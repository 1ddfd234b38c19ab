import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { TenantScope } from '../database/tenant-scope.js';
import { principalIn } from './access.js';

/** Opens the principal's tenant around the handler: everything below works for that tenant and can see no other. */
@Injectable()
export class ScopeInterceptor implements NestInterceptor {
  constructor(private readonly scope: TenantScope) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const principal = principalIn(context);
    if (!principal) return next.handle();
    return new Observable((subscriber) =>
      this.scope.run(principal.tenantId, () => next.handle().subscribe(subscriber)),
    );
  }
}
