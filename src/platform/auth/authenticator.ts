import type { TenantId } from '../../kernel/ids.js';
import type { ApiKeyPrincipal, UserPrincipal } from './principal.js';

/** Knows whom a credential belongs to, as of this moment: a disabled user or a revoked key is nobody at once. */
export abstract class Authenticator {
  /** @throws Unauthenticated, TenantSuspended */
  abstract userOf(accessToken: string): Promise<UserPrincipal>;
  /** The same of many at once, for connections that last: tokens whose session has ended meanwhile, or whose tenant is suspended, are left out. */
  abstract usersOf(accessTokens: readonly string[]): Promise<ReadonlyMap<string, UserPrincipal>>;
  /** @throws Unauthenticated, TenantSuspended */
  abstract holderOf(apiKey: string): Promise<ApiKeyPrincipal>;
  abstract knowsTenant(tenant: TenantId): Promise<boolean>;
}
