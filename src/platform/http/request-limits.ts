import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { from, type Observable, switchMap } from 'rxjs';
import { HttpLimits } from '../rate-limiting/http-limits.js';

/** Marks a route where secrets are guessed: limited by address and by the account that its body names in `email`. */
export const RateLimit = Reflector.createDecorator<'login'>();

/** Holds routes that say so to a limit of their own. Those by address and by credential hold everywhere (`HttpLimits`). */
@Injectable()
export class RequestLimits implements NestInterceptor {
  constructor(
    private readonly limits: HttpLimits,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.reflector.get(RateLimit, context.getHandler()) !== 'login') return next.handle();
    const { ip, body } = context.switchToHttp().getRequest<FastifyRequest>();
    return from(this.limits.admitLogin(ip, accountIn(body))).pipe(switchMap(() => next.handle()));
  }
}

/** The body is not validated yet. */
function accountIn(body: unknown): string {
  const account = (body as { email?: unknown } | null | undefined)?.email;
  return typeof account === 'string' ? account : '';
}
