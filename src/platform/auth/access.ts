import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Role, Scope } from '../../kernel/access.js';
import type { Principal } from './principal.js';

/** Who may call a route. */
export type AccessRule =
  | { readonly for: 'everybody' }
  | { readonly for: 'authenticated' }
  | { readonly for: 'platform' }
  | { readonly for: 'scope'; readonly scope: Scope }
  | { readonly for: 'role'; readonly roles: readonly Role[] };

export const Access = Reflector.createDecorator<AccessRule>();

/** Anybody, without a credential. */
export const Public = (): MethodDecorator & ClassDecorator => Access({ for: 'everybody' });

/** Any valid credential. */
export const Authenticated = (): MethodDecorator & ClassDecorator => restricted({ for: 'authenticated' });

/** Users whose role has the scope, API keys that carry it, and the platform operator. */
export const RequiresScope = (scope: Scope): MethodDecorator & ClassDecorator => restricted({ for: 'scope', scope });

/** Users of these roles and the platform operator; no API key. */
export const RequiresRole = (...roles: Role[]): MethodDecorator & ClassDecorator => restricted({ for: 'role', roles });

/** The platform operator alone. */
export const PlatformOnly = (): MethodDecorator & ClassDecorator => restricted({ for: 'platform' });

/**
 * Lets the platform operator call the route without naming a tenant: it then works in the platform's own scope, which sees the
 * tenants, webhook events and dead letters of all. Without this a route answers 400 TENANT_REQUIRED; `@PlatformOnly` implies it.
 */
export const AlsoForThePlatform = Reflector.createDecorator<void, true>({ transform: () => true });

/** The platform operator works in the scope of the tenant whose id this path parameter holds, as if X-Tenant-Id named it. */
export const TenantInPath = Reflector.createDecorator<string>();

export interface AuthenticatedRequest extends FastifyRequest {
  principal?: Principal;
}

/** A socket of a gateway, which has shown who it is as it connected. */
export interface AuthenticatedSocket {
  readonly data: { readonly principal: Principal };
}

/** Whoever sent the request, or is at the other end of the socket; undefined on public routes. */
export function principalIn(context: ExecutionContext): Principal | undefined {
  return context.getType() === 'ws'
    ? context.switchToWs().getClient<AuthenticatedSocket>().data.principal
    : context.switchToHttp().getRequest<AuthenticatedRequest>().principal;
}

/** The `Principal` of the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = principalIn(context);
  if (!principal) throw new Error('This route is public: there is nobody to name');
  return principal;
});

function restricted(rule: AccessRule): MethodDecorator & ClassDecorator {
  return applyDecorators(
    Access(rule),
    ApiBearerAuth(),
    ApiHeader({
      name: 'X-Tenant-Id',
      required: false,
      description: 'With the platform key: the tenant to work for.',
      schema: { type: 'string', format: 'uuid' },
    }),
  );
}
