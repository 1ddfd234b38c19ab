import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { from, type Observable, switchMap } from 'rxjs';
import { HttpLimits } from '../rate-limiting/http-limits.js';
import { RequestContext } from './request-context.js';

/** Marks a route where secrets are guessed: limited by address and by the account that its body names in `email`. */
export const RateLimit = Reflector.createDecorator<'login'>();

/** Holds a request to the limits of whoever sent it; after authentication, before any work. */
@Injectable()
export class RequestLimits implements NestInterceptor {
  constructor(
    private readonly limits: HttpLimits,
    private readonly context: RequestContext,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.reflector.get(RateLimit, context.getHandler()) === 'login') {
      return from(this.limits.admitLogin(...login(context.switchToHttp().getRequest<FastifyRequest>()))).pipe(switchMap(() => next.handle()));
    }
    const { tenantId, actor } = this.context.current ?? {};
    if (!tenantId || !actor) return next.handle();
    return from(this.limits.admitCredential(tenantId, actor)).pipe(switchMap(() => next.handle()));
  }
}

/** The body is not validated yet. */
function login({ ip, body }: FastifyRequest): [string, string] {
  const account = (body as { email?: unknown } | null | undefined)?.email;
  return [ip, typeof account === 'string' ? account : ''];
}
