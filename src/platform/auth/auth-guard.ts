import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { createHash, timingSafeEqual } from 'node:crypto';
import { SCOPES } from '../../kernel/access.js';
import { PLATFORM, tenantId, type TenantId } from '../../kernel/ids.js';
import { Config } from '../config/config.js';
import { RequestContext } from '../http/request-context.js';
import {
  Access,
  type AccessRule,
  AlsoForThePlatform,
  type AuthenticatedRequest,
  principalIn,
  TenantInPath,
} from './access.js';
import { Forbidden, TenantNotFound, TenantRequired, Unauthenticated } from './auth-errors.js';
import { Authenticator } from './authenticator.js';
import { actorOf, type Principal } from './principal.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Longer than any credential that this house gives out. */
const LONGEST_TOKEN = 2048;

/** Finds out who asks and whether they may (contract 3). A route that says not who may call it is closed to all. */
@Injectable()
export class AuthGuard implements CanActivate {
  readonly #platformKey: Buffer;

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly requests: RequestContext,
    config: Config,
  ) {
    this.#platformKey = sha256(config.PLATFORM_KEY);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.#read(Access, context);
    if (rule?.for === 'everybody') return true;
    if (context.getType() === 'ws') return admitSocket(principalIn(context), rule);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = await this.#authenticate(request, context);
    this.requests.identify({ tenantId: principal.tenantId, actor: actorOf(principal) });
    if (!rule) throw new Forbidden('This route is closed.');
    admit(principal, rule);
    if (
      principal.kind === 'platform' &&
      principal.tenantId === PLATFORM &&
      rule.for !== 'platform' &&
      !this.#read(AlsoForThePlatform, context)
    )
      throw new TenantRequired();
    request.principal = principal;
    return true;
  }

  async #authenticate(request: AuthenticatedRequest, context: ExecutionContext): Promise<Principal> {
    const token = bearerOf(request.headers.authorization);
    if (timingSafeEqual(sha256(token), this.#platformKey)) {
      return {
        kind: 'platform',
        tenantId: await this.#tenantNamedBy(request, context),
        scopes: new Set(SCOPES),
        areas: 'all',
      };
    }
    return token.startsWith('nd_') ? this.authenticator.holderOf(token) : this.authenticator.userOf(token);
  }

  async #tenantNamedBy(request: AuthenticatedRequest, context: ExecutionContext): Promise<TenantId> {
    const header = request.headers['x-tenant-id'];
    if (header !== undefined && (typeof header !== 'string' || !UUID.test(header))) throw new TenantRequired();
    const parameter = this.#read(TenantInPath, context);
    const named = header ?? (parameter ? (request.params as Record<string, string>)[parameter] : undefined);
    // A path parameter that is no id is refused by the route's own pipe.
    if (named === undefined || !UUID.test(named)) return PLATFORM;
    const tenant = tenantId(named.toLowerCase());
    if (tenant === PLATFORM) return PLATFORM;
    if (!(await this.authenticator.knowsTenant(tenant))) throw new TenantNotFound();
    return tenant;
  }

  #read<T>(decorator: { KEY: string } & ((value: T) => unknown), context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(decorator.KEY, [context.getHandler(), context.getClass()]);
  }
}

/** @throws Unauthenticated */
export function bearerOf(authorization: string | undefined): string {
  const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];
  if (!token || token.length > LONGEST_TOKEN) throw new Unauthenticated();
  return token;
}

/** It showed its credential as it connected. @throws Forbidden */
function admitSocket(principal: Principal | undefined, rule: AccessRule | undefined): true {
  if (!rule || !principal) throw new Forbidden('This event is closed.');
  admit(principal, rule);
  return true;
}

function admit(principal: Principal, rule: AccessRule): void {
  if (principal.kind === 'platform') return;
  if (rule.for === 'platform') throw new Forbidden('This route is for the platform operator.');
  if (rule.for === 'scope' && !principal.scopes.has(rule.scope)) throw Forbidden.scope(rule.scope);
  if (rule.for === 'role' && (principal.kind !== 'user' || !rule.roles.includes(principal.role)))
    throw new Forbidden(`This route is for users who are ${rule.roles.join(' or ')}.`);
}

function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
