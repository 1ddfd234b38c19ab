import type { Role, Scope } from '../../kernel/access.js';
import type { TenantId } from '../../kernel/ids.js';
import { InboxAccess } from '../../kernel/inbox-access.js';

/** Which areas a principal works in: all, or those with these ids (S1.25-S1.28). */
export type AreaReach = 'all' | readonly string[];

export interface UserPrincipal {
  readonly kind: 'user';
  readonly tenantId: TenantId;
  readonly userId: string;
  /** The log-in that the access token descends from. */
  readonly sessionId: string;
  readonly role: Role;
  readonly scopes: ReadonlySet<Scope>;
  readonly areas: AreaReach;
  /** The merchant lets sales people see their own conversations alone (C52). */
  readonly salesAssignedOnly: boolean;
}

export interface ApiKeyPrincipal {
  readonly kind: 'api-key';
  readonly tenantId: TenantId;
  readonly apiKeyId: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly areas: 'all';
}

/** The operator of the installation: may do everything, for the tenant that X-Tenant-Id names or for the platform itself. */
export interface PlatformPrincipal {
  readonly kind: 'platform';
  readonly tenantId: TenantId;
  readonly scopes: ReadonlySet<Scope>;
  readonly areas: 'all';
}

/** Who asks. */
export type Principal = UserPrincipal | ApiKeyPrincipal | PlatformPrincipal;

/** What the principal may see and do in the inbox. */
export function inboxAccessOf(principal: Principal): InboxAccess {
  return InboxAccess.of(principal);
}

/** `user:<id>`, `api-key:<id>` or `platform`: for logs, the audit log and rate limits. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
      return `user:${principal.userId}`;
    case 'api-key':
      return `api-key:${principal.apiKeyId}`;
    case 'platform':
      return 'platform';
  }
}
